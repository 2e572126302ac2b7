import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoundResult } from '../round.ts';
import { toPage } from './page.ts';

export interface Results {
  readonly schema: 1;
  readonly rounds: readonly RoundResult[];
}

const withoutTrace = ({ trace: _trace, lastSteps: _lastSteps, ...round }: RoundResult): object => round;

/** Everything that the run found, traces included. */
export function writeReport(folder: string, rounds: readonly RoundResult[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'chaos.json'), `${JSON.stringify({ schema: 1, rounds }, undefined, 2)}\n`);
}

/** The page and its data. The rounds of other clients stay: long runs are made client by client. */
export function writeDocs(folder: string, rounds: readonly RoundResult[]): void {
  const file = join(folder, 'chaos.json');
  const former = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).rounds : [];
  const replaced = new Set(rounds.map(({ client }) => client));
  const all = [...former.filter(({ client }) => !replaced.has(client)), ...rounds].sort((a, b) =>
    a.client < b.client ? -1 : 1,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ schema: 1, rounds: all.map(withoutTrace) }, undefined, 2)}\n`);
  writeFileSync(join(folder, 'chaos.md'), toPage(all));
}
