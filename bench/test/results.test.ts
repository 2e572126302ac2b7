import { expect, test } from 'vitest';
import { figuresOf } from '../src/figures/figures.ts';
import { measure } from '../src/figures/measure.ts';
import { merged } from '../src/figures/merge.ts';
import { toPage } from '../src/report/page.ts';
import type { Measured, Metric, Results } from '../src/figures/types.ts';

const measured = (name: string, ours: number): Measured => ({
  name,
  unit: 'ms',
  ours,
  peer: 1,
  peerName: 'a peer',
  ratio: ours,
  runs: 9,
  goal: 'recorded',
});
const results = (...metrics: Measured[]): Results => ({
  schema: 1,
  node: 'v24.0.0',
  machine: { cpu: 'a processor', cores: 2 },
  versions: { redis: '6.0.0' },
  metrics,
});

test('a group that is measured again takes its place among the others', () => {
  const older = results(measured('import/time/ioredis', 1), measured('hot-path/ioredis/sequential', 2));
  const both = merged(older, results(measured('import/time/ioredis', 3)));
  expect(both.metrics.map(({ name, ours }) => [name, ours])).toEqual([
    ['hot-path/ioredis/sequential', 2],
    ['import/time/ioredis', 3],
  ]);
});

test('figures of another Node or version do not stand in one table with these; replaced ones may have been', () => {
  const older = { ...results(measured('import/time/ioredis', 1)), node: 'v22.0.0' };
  expect(() => merged(older, results(measured('hot-path/ioredis/sequential', 2)))).toThrow(/measure all/);
  expect(merged(older, results(measured('import/time/ioredis', 2))).metrics).toMatchObject([{ ours: 2 }]);
});

test('a metric that no longer exists is left out', () => {
  expect(merged(results(measured('gone/by', 1)), results()).metrics).toEqual([]);
});

test('figures of the same runs are read from them, not measured again', async () => {
  let taken = 0;
  const sample = async (): Promise<{ value: number }> => {
    taken += 1;
    return { value: taken };
  };
  const figure = { unit: 'ms', peerName: 'a peer', goal: 'recorded', runs: 3 };
  const [first, second] = figuresOf(
    async () => ({ ours: sample, peer: sample }),
    [
      { ...figure, name: 'a', pick: ({ value }) => value },
      { ...figure, name: 'b', pick: ({ value }) => -value },
    ],
  ) as [Metric, Metric];
  const one = await measure(first, false, () => undefined);
  const other = await measure(second, false, () => undefined);
  expect(taken).toBe(6);
  expect(other.ours).toBe(-one.ours);
});

test('what must never happen is added up over the runs', async () => {
  const counts = [0, 0, 5];
  const metric: Metric = {
    name: 'lost',
    unit: 'messages',
    peerName: 'a peer',
    goal: '0',
    runs: 3,
    summary: 'total',
    start: async () => ({ ours: async () => counts.shift() ?? 0, peer: async () => 10 }),
  };
  expect(await measure(metric, false, () => undefined)).toMatchObject({ ours: 5, peer: 30, ratio: 0.1667 });
});

test('the page tells the machine, the versions and when each group was measured', () => {
  const page = toPage(
    results({ ...measured('import/time/ioredis', 1), at: '2026-01-02T03:04:05.000Z', load: 0.5 }),
    [],
  );
  expect(page).toContain('2 cores, a processor; Node v24.0.0; redis 6.0.0');
  expect(page).toContain('2026-01-02 03:04 UTC');
});
