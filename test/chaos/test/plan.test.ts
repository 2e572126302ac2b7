import { expect, test } from 'vitest';
import { allMisleading, misleadingInStorms } from '../src/schedule/misleading.ts';
import { describeStep, patienceMs, planRound } from '../src/schedule/plan.ts';

const options = {
  seed: 7,
  client: 'ioredis@6.0.0',
  target: 'redis-cluster',
  topology: 'cluster',
  seconds: 60,
} as const;

test('a seed brings the same faults at the same times, another one others', () => {
  expect(planRound(options)).toEqual(planRound(options));
  expect(planRound({ ...options, seed: 8 })).not.toEqual(planRound(options));
});

test('a round lasts as long as it was asked to, with a calm after each storm', () => {
  const { storms, stormMs, lifetimeMs } = planRound(options);
  expect(storms).toHaveLength(2);
  expect(storms.length * (stormMs + lifetimeMs * 2.75)).toBeCloseTo(60_000, -2);
  for (const { atMs } of storms.flat()) expect(atMs).toBeLessThan(stormMs);
});

test('in a calm one thing misleads, each as often as the others', () => {
  const { calms } = planRound({ ...options, seconds: 30 * allMisleading.length * 2 });
  for (const kind of allMisleading) expect(calms.filter((each) => each === kind)).toHaveLength(2);
});

test('a calm has less patience where the adapter has less time', () => {
  expect(patienceMs('overstated-expiry', 5000)).toBe(500);
  expect(patienceMs('retry-after-day', 5000)).toBe(100);
  expect(patienceMs('identity-switch', 5000)).toBe(100);
});

test('every kind of fault comes where it can, and servers are exchanged only where there are several', () => {
  const kinds = (topology: 'standalone' | 'cluster' | 'sentinel', movable = false): string[] =>
    [
      ...new Set(
        planRound({ ...options, topology, movable, seconds: 1800 })
          .storms.flat()
          .map(({ fault }) => fault.kind),
      ),
    ].sort();
  const everywhere = [
    ...['clock-jump', 'cut', 'process-pause', 'provider', 'provider-down'],
    ...['refuse', 'server-pause', 'server-restart', 'unanswered-auth', 'wire'],
    ...misleadingInStorms,
  ].sort();
  expect(kinds('standalone')).toEqual(everywhere);
  expect(kinds('standalone', true)).toEqual([...everywhere, 'options-changed'].sort());
  expect(kinds('sentinel')).toEqual([...everywhere, 'failover'].sort());
  expect(kinds('cluster')).toEqual([...everywhere, 'failover', 'move-slot'].sort());
});

test('a step is one line', () => {
  const fault = { kind: 'provider', fault: { kind: 'hang' }, times: 2 } as const;
  expect(describeStep({ atMs: 1234, fault })).toBe('+1.23s provider fault={"kind":"hang"} times=2');
});
