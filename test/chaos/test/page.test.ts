import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toPage } from '../src/report/page.ts';
import type { Results, RunRound } from '../src/report/record.ts';

const docs = (name: string): string => readFileSync(new URL(`../../../docs/reports/${name}`, import.meta.url), 'utf8');
const { rounds, sabotage = [] } = JSON.parse(docs('chaos.json')) as Results;
const run = { startedAt: '2026-11-30T20:15:01.000Z', commit: `${'abcdef01'.repeat(5)}-dirty`, beside: 'a build' };
const [round] = rounds as [RunRound];

test('docs/reports/chaos.md is what docs/reports/chaos.json and these sources make: npm run chaos -- --sabotage --docs docs/reports writes it', () => {
  expect(docs('chaos.md')).toBe(toPage({ rounds, sabotage }));
});

test('a client whose address cannot be changed is told so, and that a calm was repeated', () => {
  const page = toPage({ rounds: [{ ...round, client: 'node-redis@6.3.1', run, faults: {}, heldUp: 2 }] });
  expect(page).toMatch(/a live client connects there alone \| cannot be changed \|/);
  expect(page).toMatch(/MiB \| 2 \|$/m);
});

test('the page says of which run its rounds are', () => {
  expect(toPage({ rounds: [{ ...round, seed: 7, run }] })).toContain(
    '- 2026-11-30, commit abcdef01abcd-dirty, seed 7. Beside it: a build. Started, UTC: ioredis@6.0.0 on redis-standalone 20:15.',
  );
});

test('every published pair has been sabotaged, and nothing was missed', () => {
  const pairs = (all: readonly { client: string; target: string }[]): string[] =>
    all.map(({ client, target }) => `${client} on ${target}`).sort();
  expect(pairs(sabotage)).toEqual(pairs(rounds));
  expect(sabotage.flatMap(({ missed }) => missed)).toEqual([]);
});
