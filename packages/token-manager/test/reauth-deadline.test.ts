import { expect, test } from 'vitest';
import type { Connection, Credentials } from '../src/index.ts';
import { bench, minute, second } from './support.ts';

/** A connection that records what it is asked, and answers as told. */
function connection(answer: (credentials: Credentials) => Promise<void>) {
  const sentAt: number[] = [];
  const deadlines: Credentials[] = [];
  const watch = (now: () => number): Connection => ({
    identity: { client: 'test' },
    canAuthenticate: () => true,
    authenticate(credentials) {
      sentAt.push(now());
      return answer(credentials);
    },
    onDeadline: (credentials) => deadlines.push(credentials),
  });
  return { sentAt, deadlines, watch };
}

test('an AUTH that is lost every time is retried at a pace, also past the deadline, and the deadline is told once', async () => {
  const { clock, manager, of } = bench();
  const lossy = connection(() => Promise.reject(new Error('Command timed out')));
  const registration = manager.register(lossy.watch(() => clock.now()));
  const first = await manager.credentials();
  registration.authenticated(first);
  await clock.advance(59 * minute);
  const gaps = lossy.sentAt.slice(1).map((at, index) => at - (lossy.sentAt[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(20);
  // The try that falls on the deadline may follow closely.
  expect(gaps.filter((gap) => gap < 375).length).toBeLessThanOrEqual(1);
  expect(lossy.deadlines).toHaveLength(1);
  expect(of('reauthentication-failed')[0]?.error.code).toBe('ERR_AUTH_FAILED');
  registration.release();
});

test('a refresh sends one AUTH to each of 200 connections, spread over the window, with no burst', async () => {
  const { clock, manager } = bench();
  const fleet = Array.from({ length: 200 }, () => connection(() => Promise.resolve()));
  const registrations = fleet.map((each) => manager.register(each.watch(() => clock.now())));
  const first = await manager.credentials();
  for (const each of registrations) each.authenticated(first);
  await clock.advance(43 * minute);
  expect(fleet.every((each) => each.sentAt.length === 1)).toBe(true);
  const instants = fleet.map((each) => each.sentAt[0] as number).sort((a, b) => a - b);
  expect((instants.at(-1) as number) - (instants[0] as number)).toBeGreaterThan(50 * second);
  const perSecond = new Map<number, number>();
  for (const at of instants) perSecond.set(Math.floor(at / second), (perSecond.get(Math.floor(at / second)) ?? 0) + 1);
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(5);
  manager.close();
  expect(clock.timers).toBe(0);
});
