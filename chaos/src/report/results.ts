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

const keyOf = ({ client, target }: RoundResult): string => `${client} on ${target}`;

/** The page and its data. Other rounds stay: long runs are made in parts. */
export function writeDocs(folder: string, rounds: readonly RoundResult[]): void {
  const file = join(folder, 'chaos.json');
  const former = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results).rounds : [];
  const newest = new Map([...former, ...rounds].map((round) => [keyOf(round), round]));
  const all = [...newest.values()].sort((a, b) => a.client.localeCompare(b.client));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ schema: 1, rounds: all.map(withoutTrace) }, undefined, 2)}\n`);
  writeFileSync(join(folder, 'chaos.md'), toPage(all));
}
