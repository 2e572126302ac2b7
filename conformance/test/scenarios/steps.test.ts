// What scenarios assert by must be able to fail: each helper meets a timeline in which what it looks for is wrong.
import type { WireEntry } from '@entra-redis/emulator';
import { expect, test } from 'vitest';
import { busiestSlice } from '../../src/scenarios/reauth/spread.ts';
import {
  assertLoginFirst,
  assertNoneOlder,
  assertNothingExpired,
  assertOneAuthPerToken,
  errorName,
  repeatUntilStopped,
} from '../../src/scenarios/steps.ts';
import { lostOtherwise, missing, reconnects, slowestReconnectMs } from '../../src/scenarios/subscriptions.ts';
import type { Context } from '../../src/scenarios/scenario.ts';
import { liveConnections, type LoginEntry, logins } from '../../src/scenarios/wire.ts';

const entry = (at: number, event: WireEntry['event'], more: Partial<WireEntry> = {}): WireEntry => ({
  at,
  event,
  connection: 1,
  ...more,
});
const login = (at: number, token: string, connection = 1): WireEntry =>
  entry(at, 'login', { connection, login: { via: 'AUTH', username: 'me', token, expiresAt: 9999 } });
const command = (at: number, args: string[], connection = 1): WireEntry => entry(at, 'command', { args, connection });

function contextOf(...entries: WireEntry[]): Context {
  const landmarks = entries.filter(({ event }) => !['command', 'reply', 'push'].includes(event));
  return { target: { timeline: { entries, landmarks } } } as unknown as Context;
}

test("an error is told by its code, or by its type where the client's errors have no code", () => {
  const [coded, typed] = [{ supports: () => true }, { supports: () => false }];
  const words = 'the user in the URL is refused';
  expect(`ERR_USERINFO_IN_URL ${words}`).toMatch(errorName(coded));
  expect(`ERR_USERINFO_IN_URL ${words}`).toMatch(errorName(typed));
  expect(`ConfigurationError ${words}`).toMatch(errorName(typed));
  expect(`ConfigurationError ${words}`).not.toMatch(errorName(coded));
  for (const context of [coded, typed]) expect(words).not.toMatch(errorName(context));
});

test('a message that did not arrive is missing, and no other', () => {
  expect(missing({ received: ['0', '2', 'last'] }, 4)).toEqual(['1', '3']);
  expect(missing({ received: [] }, 2)).toEqual(['0', '1']);
  expect(missing({ received: ['1', '0', '0'] }, 2)).toEqual([]);
});

test('a connection that the server cut for its token is noticed', () => {
  expect(() => assertNothingExpired(contextOf(login(1, 'a'), entry(2, 'close')))).not.toThrow();
  expect(() => assertNothingExpired(contextOf(login(1, 'a'), entry(2, 'expired')))).toThrow('had expired');
});

test('a token that a connection sends twice is noticed; another connection may send it too', () => {
  expect(() => assertOneAuthPerToken(contextOf(login(1, 'a'), login(2, 'b'), login(3, 'a', 2)))).not.toThrow();
  expect(() => assertOneAuthPerToken(contextOf(login(1, 'a'), login(2, 'a')))).toThrow('2 logins');
});

test('a command before the login of its connection is noticed', () => {
  const get = ['GET', 'key'];
  expect(() => assertLoginFirst(contextOf(login(1, 'a'), command(2, get)))).not.toThrow();
  expect(() => assertLoginFirst(contextOf(command(1, get), login(2, 'a')))).toThrow('a command before the login');
  expect(() => assertLoginFirst(contextOf(login(1, 'a'), command(2, get, 2)))).toThrow('a command before the login');
});

test('who logs in to a sentinel has not logged in to the cache', () => {
  const { timeline } = contextOf({ ...login(1, 'a'), node: 'sentinel' }, { ...login(2, 'a'), node: 'node-1' }).target;
  expect(logins(timeline).map(({ node }) => node)).toEqual(['node-1']);
  expect([...liveConnections(timeline)]).toEqual(['connection 1 of node-1']);
});

test('a login with an older token is noticed, and so is none', () => {
  const all = [
    command(1, ['AUTH', 'me', '<a>']),
    login(1, '<a>'),
    command(2, ['AUTH', 'me', '<b>']),
    login(2, '<b>'),
    command(3, ['AUTH', 'me', '<a>'], 2),
    login(3, '<a>', 2),
  ];
  const context = contextOf(...all);
  const of = (...tokens: string[]): LoginEntry[] =>
    logins(context.target.timeline).filter((each) => tokens.includes(each.login.token));
  expect(() => assertNoneOlder(context, of('<b>'), '<a>')).not.toThrow();
  expect(() => assertNoneOlder(context, of('<a>'), '<b>')).toThrow('an older token');
  expect(() => assertNoneOlder(context, [], '<b>')).toThrow('no login');
  expect(() => assertNoneOlder(context, of('<a>'), undefined)).toThrow('no login');
});

test('what a load meets is told when it is stopped', async () => {
  const loads: ReturnType<typeof repeatUntilStopped>[] = [];
  await new Promise<void>((broken) => {
    const load = repeatUntilStopped(async (round) => {
      if (round < 2) return;
      broken();
      throw new Error('round 2 broke');
    }, 0);
    loads.push(load);
  });
  await expect(loads[0]?.stop()).rejects.toThrow('round 2 broke');
});

test('the busiest 100 ms are found wherever they begin', () => {
  const at = (...instants: number[]): { at: number }[] => instants.map((instant) => ({ at: instant }));
  expect(busiestSlice(at(0, 90, 110, 180, 300))).toBe(3);
  expect(busiestSlice(at(300, 0, 100, 200))).toBe(1);
  expect(busiestSlice([])).toBe(0);
});

const publish = (at: number, message: number): WireEntry => command(at, ['PUBLISH', 'news', String(message)], 9);
/** A subscriber that is cut at 1,000 ms and back `tookMs` later; a message each 100 ms. */
const reconnecting = (tookMs: number): WireEntry[] => [
  command(0, ['SUBSCRIBE', 'news']),
  entry(1000, 'close'),
  command(1000 + tookMs, ['SUBSCRIBE', 'news'], 2),
  ...Array.from({ length: 20 }, (_, i) => publish(100 * i, i)),
];
const received = (...lost: number[]): string[] =>
  Array.from({ length: 20 }, (_, i) => i).flatMap((i) => (lost.includes(i) ? [] : [String(i)]));

test('a declared reconnect accounts for what was published meanwhile, and for no other message', () => {
  const timeline = { entries: reconnecting(200) };
  const lost = (...messages: number[]) =>
    lostOtherwise(timeline, { kind: 'channel', received: received(...messages) }, 20);
  expect(lost(10, 11, 12)).toEqual([]);
  expect(lost(3, 11, 19)).toEqual(['3', '19']);
  expect(reconnects(timeline, 'channel')).toEqual([{ from: 1000, to: 1200 }]);
});

test('a reconnect within one ms is one, too: a busy process reads the end and the new subscription at once', () => {
  const timeline = { entries: reconnecting(0) };
  expect(reconnects(timeline, 'channel')).toEqual([{ from: 1000, to: 1000 }]);
  expect(lostOtherwise(timeline, { kind: 'channel', received: received(10) }, 20)).toEqual([]);
  expect(lostOtherwise(timeline, { kind: 'channel', received: received(11) }, 20)).toEqual(['11']);
});

test('a reconnect that takes too long accounts for nothing', () => {
  const timeline = { entries: reconnecting(slowestReconnectMs + 1) };
  expect(lostOtherwise(timeline, { kind: 'channel', received: received(11) }, 20)).toEqual(['11']);
});

test('two connections that overlap leave no gap', () => {
  const entries = [
    command(0, ['SUBSCRIBE', 'news']),
    command(900, ['SUBSCRIBE', 'news'], 2),
    entry(1000, 'close'),
    ...Array.from({ length: 20 }, (_, i) => publish(100 * i, i)),
  ];
  expect(reconnects({ entries }, 'channel')).toEqual([]);
  expect(lostOtherwise({ entries }, { kind: 'channel', received: received(10) }, 20)).toEqual(['10']);
});
