import { expect, test } from 'vitest';
import { isMet } from '../src/figures/goal.ts';
import { metrics } from '../src/metrics/index.ts';
import { toPage } from '../src/report/page.ts';
import type { Measured } from '../src/figures/types.ts';

const measured = (goal: string, figures: Partial<Measured> = {}): Measured => ({
  name: 'import/time/ioredis',
  unit: 'ms',
  ours: 1,
  peer: 1,
  peerName: 'a peer',
  ratio: 1,
  runs: 9,
  goal,
  ...figures,
});

test('a bound alone is one of the ratio', () => {
  expect(isMet(measured('>= 0.99', { ratio: 0.99 }))).toBe(true);
  expect(isMet(measured('>= 0.99', { ratio: 0.9899 }))).toBe(false);
  expect(isMet(measured('<= 1', { ours: 500, ratio: 1 }))).toBe(true);
  expect(isMet(measured('<= 1', { ours: 0, ratio: 1.001 }))).toBe(false);
});

test('a bound of ours, or with a unit, is one of our figure, whatever the ratio is', () => {
  expect(isMet(measured('ours <= 1.2', { ours: 1.2, ratio: 9 }))).toBe(true);
  expect(isMet(measured('ours <= 1.2', { ours: 1.215, ratio: 0.01 }))).toBe(false);
  expect(isMet(measured('<= 3 ms', { ours: 3, ratio: 9 }))).toBe(true);
  expect(isMet(measured('<= 3 ms', { ours: 3.568, ratio: 0.03 }))).toBe(false);
  expect(isMet(measured('<= 200 kB', { ours: 200_000, ratio: 9 }))).toBe(true);
  expect(isMet(measured('<= 200 kB', { ours: 200_001, ratio: 0.01 }))).toBe(false);
});

test('what ours may take more is the difference of both', () => {
  expect(isMet(measured('at most 512 bytes more', { ours: 9612, peer: 9100 }))).toBe(true);
  expect(isMet(measured('at most 512 bytes more', { ours: 9613, peer: 9100 }))).toBe(false);
  expect(isMet(measured('at most 1.5 ms more', { ours: 0.5, peer: 1 }))).toBe(true);
});

test('a count is met exactly', () => {
  expect(isMet(measured('0', { ours: 0, ratio: null }))).toBe(true);
  expect(isMet(measured('0', { ours: 3 }))).toBe(false);
  expect(isMet(measured('1 AUTH', { ours: 1 }))).toBe(true);
  expect(isMet(measured('1 request', { ours: 0 }))).toBe(false);
});

test('what is only recorded, or has no ratio, is neither met nor missed', () => {
  expect(isMet(measured('recorded'))).toBeUndefined();
  expect(isMet(measured('>= 0.99', { ratio: null }))).toBeUndefined();
});

test('a goal that nobody can judge is an error, and no metric has one', () => {
  expect(() => isMet(measured('fast'))).toThrow(/fast/);
  expect(() => metrics.map(({ goal }) => isMet(measured(goal)))).not.toThrow();
});

test('the page marks each goal as met or missed', () => {
  const rows = [measured('>= 0.99'), measured('>= 0.99', { ratio: 0.9692 }), measured('recorded')];
  const page = toPage(
    { schema: 1, node: 'v24.0.0', machine: { cpu: 'a processor', cores: 2 }, versions: {}, metrics: rows },
    [],
  );
  expect(page).toContain('| >= 0.99: met |');
  expect(page).toContain('| >= 0.99: **missed** |');
  expect(page).toContain('| recorded |');
});
