import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clockOn, systemClock as realClock } from '../src/time.ts';
import { hour } from './support/bench.ts';

/** The system's clock on the faked time of the test. */
const systemClock = clockOn({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer),
});

const day = 24 * hour;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

test('token/long-life (N12): a timer of 60 days, more than setTimeout can wait for, fires once after 60 days and not before', () => {
  let fired = 0;
  systemClock.schedule(60 * day, () => (fired += 1));
  vi.advanceTimersByTime(60 * day - 1);
  expect(fired).toBe(0);
  vi.advanceTimersByTime(1);
  expect(fired).toBe(1);
  vi.advanceTimersByTime(60 * day);
  expect(fired).toBe(1);
});

test.each([
  ['the longest that setTimeout can wait for', 2 ** 31 - 1],
  ['a millisecond more', 2 ** 31],
  ['a moment', 5],
])('a timer of %s fires at its time', (_, delayMs) => {
  let firedAt: number | undefined;
  const startedAt = systemClock.monotonic();
  systemClock.schedule(delayMs, () => (firedAt = systemClock.monotonic()));
  vi.advanceTimersByTime(delayMs + day);
  expect(firedAt).toBe(startedAt + delayMs);
});

test('a timer that is cancelled never fires, also after its first 24 days', () => {
  let fired = 0;
  const cancelShort = systemClock.schedule(hour, () => (fired += 1));
  const cancelLong = systemClock.schedule(60 * day, () => (fired += 1));
  cancelShort();
  vi.advanceTimersByTime(30 * day);
  cancelLong();
  vi.advanceTimersByTime(60 * day);
  expect(fired).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('a timer of a negative delay fires as soon as it can, and a part of a millisecond is waited for', () => {
  const fired: string[] = [];
  systemClock.schedule(-5, () => fired.push('at once'));
  systemClock.schedule(0.4, () => fired.push('a part'));
  vi.advanceTimersByTime(0);
  expect(fired).toEqual(['at once']);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual(['at once', 'a part']);
});

test('a timer that is due before it is set, because the process was paused in between, asks for no negative delay', () => {
  const instants = [1000, 3500];
  vi.spyOn(performance, 'now').mockImplementation(() => instants.shift() ?? 3500);
  const setTimeoutSpy = vi.spyOn(globalThis, 'setTimeout');
  systemClock.schedule(5, () => {});
  expect(setTimeoutSpy.mock.calls.map(([, delayMs]) => delayMs)).toEqual([0]);
  vi.restoreAllMocks();
});

test('it reads the wall clock, a clock that never jumps, and draws from [0, 1)', () => {
  vi.setSystemTime(1_234_567);
  expect(systemClock.now()).toBe(1_234_567);
  const before = systemClock.monotonic();
  vi.setSystemTime(99);
  expect(systemClock.monotonic()).toBe(before);
  vi.advanceTimersByTime(10);
  expect(systemClock.monotonic()).toBe(before + 10);
  const draws = Array.from({ length: 20 }, () => systemClock.random());
  expect(new Set(draws).size).toBeGreaterThan(1);
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
});

test('token/faked-timers: Date, performance and timers that are faked later are not those of the system clock', async () => {
  vi.setSystemTime(1_234_567);
  expect(realClock.now()).toBeGreaterThan(1_600_000_000_000);
  const before = realClock.monotonic();
  vi.advanceTimersByTime(day);
  expect(realClock.monotonic() - before).toBeLessThan(day);
  const fired = new Promise<void>((resolve) => void realClock.schedule(1, resolve));
  expect(vi.getTimerCount()).toBe(0);
  await fired;
  let never = 0;
  realClock.schedule(1, () => (never += 1))();
  await new Promise<void>((resolve) => void realClock.schedule(5, resolve));
  expect(never).toBe(0);
});

test('token/faked-timers: a stub of setTimeout that returns nothing, or a number, does no harm', () => {
  for (const returned of [undefined, null, 7, {}]) {
    const clock = clockOn({ ...systemSource, setTimeout: () => returned as never });
    expect(() => clock.schedule(5, () => {})()).not.toThrow();
  }
});
const systemSource = { now: () => 0, monotonic: () => 0, clearTimeout: () => undefined };
