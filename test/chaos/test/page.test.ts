import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toPage } from '../src/report/page.ts';
import type { JudgedRound, Results } from '../src/report/record.ts';

const docs = (name: string): string => readFileSync(new URL(`../../../docs/reports/${name}`, import.meta.url), 'utf8');
const { rounds, sabotage = [] } = JSON.parse(docs('chaos.json')) as Results;
const [round] = rounds as [JudgedRound];

test('docs/reports/chaos.md is what docs/reports/chaos.json and these sources make: npm run chaos -- --sabotage --docs docs/reports writes it', () => {
  expect(docs('chaos.md')).toBe(toPage({ rounds, sabotage }));
});

test('a round whose judge could not see a loss is told as not tested, until another judge has had one', () => {
  const first = { ...round, client: 'ioredis@6.0.0', target: 'redis-cluster', judge: 1 };
  expect(toPage({ rounds: [first] })).toMatch(
    /\*\*Not tested: "no message is lost .*" for ioredis@6\.0\.0 on redis-cluster\./,
  );
  expect(toPage({ rounds: [first] })).toContain('| held, except for redis-cluster: **not tested** |');
  for (const tested of [
    { ...first, judge: 2 },
    { ...first, target: 'redis-tls' },
    { ...first, client: 'node-redis@6.3.1' },
  ]) {
    expect(toPage({ rounds: [tested] })).not.toMatch(/not tested/i);
  }
});

test('every published pair has been sabotaged, and nothing was missed', () => {
  const pairs = (all: readonly { client: string; target: string }[]): string[] =>
    all.map(({ client, target }) => `${client} on ${target}`).sort();
  expect(pairs(sabotage)).toEqual(pairs(rounds));
  expect(sabotage.flatMap(({ missed }) => missed)).toEqual([]);
});
