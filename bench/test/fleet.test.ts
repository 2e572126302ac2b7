import { expect, test } from 'vitest';
import { FleetClock } from '../src/fleet/clock.ts';
import { Rate } from '../src/fleet/rates.ts';
import { type FleetOptions, simulate } from '../src/fleet/simulate.ts';

const small: FleetOptions = {
  processes: 40,
  connectionsEach: 5,
  source: 'fresh',
  happens: 'nothing',
  settings: {},
  reconnect: 'client',
  seed: 1,
};

test('a run is the same whenever it is made', async () => {
  expect(await simulate(small)).toEqual(await simulate(small));
});

test('while the identity provider is well, the cache cuts nobody: there are no handshakes after the start', async () => {
  expect((await simulate(small)).handshakePeak).toBe(0);
  expect((await simulate({ ...small, source: 'msal' })).handshakePeak).toBe(0);
});

test('without jitter every connection of the fleet sends its AUTH in the same second; with it they are spread', async () => {
  const inStep = await simulate({ ...small, settings: { refresh: { jitterRatio: 0 }, reauthWindowMs: 0 } });
  expect(inStep.reauthPeak).toBe(200);
  expect((await simulate(small)).reauthPeak).toBeLessThan(20);
});

test('after an outage past expiry every connection comes back, once', async () => {
  const { byMinute, handshakePeak } = await simulate({ ...small, happens: 'outage' });
  expect(handshakePeak).toBeGreaterThan(0);
  // Minute 66 is the end of the outage.
  expect(byMinute.handshakes.slice(67).every((rate) => rate === 0)).toBe(true);
});

test('a rate knows its highest second, and its highest mean over more of them', () => {
  const rate = new Rate();
  for (const at of [0, 1000, 1500, 5000, 5001, 5002]) rate.count(at);
  expect(rate.peak({ from: 0, to: 10_000 })).toBe(3);
  expect(rate.peak({ from: 0, to: 10_000, widthSeconds: 2 })).toBe(1.5);
  expect(rate.peak({ from: 6000, to: 10_000 })).toBe(0);
  expect(rate.total({ from: 0, to: 5000 })).toBe(3);
});

test('timers fire in the order of their instants; cancelled ones do not', async () => {
  const clock = new FleetClock(1);
  const fired: string[] = [];
  clock.schedule(30, () => fired.push(`late ${clock.now()}`));
  clock.schedule(10, () => fired.push(`early ${clock.now()}`));
  clock.schedule(20, () => fired.push('never'))();
  await clock.runUntil(100);
  expect(fired).toEqual(['early 10', 'late 30']);
  expect(clock.now()).toBe(100);
});
