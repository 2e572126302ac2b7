import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoundResult } from '../run/round-types.ts';
import { toPage } from './page.ts';
import type { Results, RunRound } from './record.ts';

const withoutTrace = ({ trace: _trace, lastSteps: _lastSteps, ...round }: RunRound): object => round;

/** Everything that the run found, traces included. */
export function writeReport(folder: string, rounds: readonly RoundResult[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'chaos.json'), `${JSON.stringify({ schema: 1, rounds }, undefined, 2)}\n`);
}

/** Newer ones take the place of those of the same client and target: long runs are made in parts. */
function merged<T extends { readonly client: string; readonly target: string }>(
  former: readonly T[],
  newer: readonly T[],
): readonly T[] {
  const newest = new Map([...former, ...newer].map((each) => [`${each.client} on ${each.target}`, each]));
  return [...newest.values()].sort((a, b) => a.client.localeCompare(b.client));
}

/** The page and its data. */
export function writeDocs(folder: string, results: Required<Results>): void {
  const file = join(folder, 'chaos.json');
  const former: Results = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : { rounds: [] };
  const rounds = merged(former.rounds, results.rounds);
  const sabotage = merged(former.sabotage ?? [], results.sabotage);
  mkdirSync(folder, { recursive: true });
  const data = { schema: 1, rounds: rounds.map(withoutTrace), sabotage };
  writeFileSync(file, `${JSON.stringify(data, undefined, 2)}\n`);
  writeFileSync(join(folder, 'chaos.md'), toPage({ rounds, sabotage }));
}
