import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from './checks.ts';
import { Problem } from '../../../scripts/run.ts';

/** Clients by the way in which the packages are loaded and run: `{ "TypeScript 5.4, node10": ["ioredis 5", ...] }`. */
export type Combinations = Readonly<Record<string, readonly string[]>>;

/** What a rehearsal runs: `ci` with --only pnpm, `whole` without. */
export interface CommittedCombinations {
  readonly ci: Combinations;
  readonly whole: Combinations;
}

const fileIn = (workspace: string): string => join(workspace, 'test', 'packaging', 'combinations.json');

export const readCombinations = (workspace: string): CommittedCombinations =>
  JSON.parse(readFileSync(fileIn(workspace), 'utf8')) as CommittedCombinations;

export function writeCombinations(workspace: string, part: keyof CommittedCombinations, proved: Proved): void {
  const combinations = Object.fromEntries(
    [...proved].map(([way, clients]) => [way, [...clients.keys()].toSorted(inTurn)]),
  );
  const sorted = Object.fromEntries(Object.entries(combinations).toSorted(([a], [b]) => inTurn(a, b)));
  const all = { ...readCombinations(workspace), [part]: sorted };
  writeFileSync(fileIn(workspace), `${JSON.stringify(all, undefined, 2)}\n`);
}

/** Whether it worked, by way and client. */
export type Proved = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

const inTurn = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** A line for each way: whether it works, and with which clients. */
export function combinationLines(proved: Proved): string[] {
  return [...proved]
    .toSorted(([a], [b]) => inTurn(a, b))
    .flatMap(([way, clients]) =>
      [true, false].flatMap((works) => {
        const names = [...clients].filter(([, worked]) => worked === works).map(([client]) => client);
        return names.length === 0
          ? []
          : [`${works ? 'ok    ' : 'FAILED'} ${way}: ${names.toSorted(inTurn).join(', ')}`];
      }),
    );
}

/** That what ran is what the committed list says. */
export const combinationCheck = (committed: Combinations, proved: Proved): Check => ({
  name: 'the combinations in test/packaging/combinations.json',
  run: async () => {
    const problems = combinationProblems(committed, proved);
    if (problems.length > 0) throw new Problem(problems.join('\n'));
  },
});

/** A sentence for each combination that the committed list has and that did not run, or the other way round. */
export function combinationProblems(committed: Combinations, proved: Proved): string[] {
  const remedy = 'if that is meant, run "npm run rehearse -- --update", look at the diff, commit it.';
  const lacks = (way: string, client: string): string[] =>
    proved.get(way)?.has(client)
      ? []
      : [`test/packaging/combinations.json lists ${way} with ${client}, which did not run: ${remedy}`];
  const isNew = (way: string, client: string): string[] =>
    committed[way]?.includes(client)
      ? []
      : [`${way} with ${client} ran, and test/packaging/combinations.json does not list it: ${remedy}`];
  return [
    ...Object.entries(committed).flatMap(([way, clients]) => clients.flatMap((client) => lacks(way, client))),
    ...[...proved].flatMap(([way, clients]) => [...clients.keys()].flatMap((client) => isNew(way, client))),
  ];
}
