import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManagerTime } from '../src/time.ts';
import { TestClock } from '../src/testing.ts';
import { bench, hour, minute, second } from './support/bench.ts';

test('token/sleep (N5): after a sleep past expiry no expired token is handed out, and a refresh runs within a heartbeat', async () => {
  const { clock, provider, manager } = bench();
  const before = await manager.credentials();
  clock.sleep(2 * hour);
  expect(manager.current).toBeUndefined();
  const after = await manager.credentials();
  expect(after.password).not.toBe(before.password);
  clock.sleep(2 * hour);
  await clock.advance(30 * second);
  expect(provider.requests).toHaveLength(3);
});

test('token/sleep: many naps below a second each are not forgotten', async () => {
  const { clock, manager } = bench({ script: [] });
  const { expiresAt } = await manager.credentials();
  while (clock.now() < expiresAt) clock.sleep(900);
  expect(manager.current).toBeUndefined();
});

test('token/clock-back: a clock set back 2 h does not make the refresh 2 h late', async () => {
  const { clock, provider, manager } = bench();
  await manager.credentials();
  clock.jumpWall(-2 * hour);
  await clock.advance(43 * minute);
  expect(provider.requests).toHaveLength(2);
  await clock.advance(20 * minute);
  expect(manager.current).toBeDefined();
});

test('token/clock-back: a clock set back by an hour and forward again counts the hour as elapsed, to be on the safe side', async () => {
  const { clock, manager } = bench({ lifetimeMs: 2 * hour }, { refresh: { jitterRatio: 0 } });
  await manager.credentials();
  clock.jumpWall(-hour);
  await clock.advance(minute);
  expect(manager.current).toBeDefined();
  clock.jumpWall(hour);
  await clock.advance(minute);
  clock.sleep(59 * minute);
  expect(manager.current).toBeUndefined();
});

test('a wall clock that is corrected to and fro by less than a second does not make the time of the manager run ahead', async () => {
  const clock = new TestClock();
  await clock.advance(hour);
  const time = new ManagerTime(clock);
  const startedAt = time.now();
  expect(startedAt).toBe(clock.now());
  for (let i = 0; i < 100; i += 1) {
    clock.jumpWall(-999);
    time.now();
    clock.jumpWall(999);
    time.now();
  }
  expect(time.now()).toBe(startedAt);
  clock.jumpWall(-1000);
  time.now();
  clock.jumpWall(1000);
  expect(time.now()).toBe(startedAt + second);
});

test('events tell instants of the wall clock, also after it was set back', async () => {
  const { clock, manager, of, provider } = bench();
  await manager.credentials();
  clock.jumpWall(-2 * hour);
  await clock.advance(41 * minute);
  const [, told] = of('token');
  expect(told?.refreshAt).toBe((provider.requests[1]?.at ?? 0) + 40.5 * minute);
});

const happening = fc.record({
  what: fc.constantFrom('advance', 'sleep', 'set back'),
  ms: fc.integer({ min: 1000, max: 3 * hour }),
});

test('whatever happens to the clocks, the time of the manager never goes back and is never behind the time that has passed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 20 }), async (script) => {
      const clock = new TestClock();
      const time = new ManagerTime(clock);
      const startedAt = time.now();
      let passed = 0;
      let before = startedAt;
      for (const { what, ms } of script) {
        if (what === 'advance') await clock.advance(ms);
        else if (what === 'sleep') clock.sleep(ms);
        else clock.jumpWall(-ms);
        passed += what === 'set back' ? 0 : ms;
        const now = time.now();
        expect(now).toBeGreaterThanOrEqual(before);
        expect(now - startedAt).toBeGreaterThanOrEqual(passed);
        expect(time.toWall(time.fromWall(clock.now() + 5))).toBe(clock.now() + 5);
        before = now;
      }
    }),
  );
});
