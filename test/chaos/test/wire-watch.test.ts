import { createTimeline, type WireEntry } from '@entra-redis/emulator';
import { expect, test } from 'vitest';
import type { Violation } from '../src/protocol.ts';
import { type Excuses, WireWatch } from '../src/judge/wire-watch.ts';

type Happening = Omit<WireEntry, 'at' | 'connection'> & { readonly at?: number; readonly connection?: number };

const login = (token: string): Happening => ({
  event: 'login',
  login: { via: 'AUTH', username: 'oid', token, expiresAt: 5000 },
});

interface Watched {
  readonly watch: WireWatch;
  readonly violations: Violation[];
}

const watch = (...happenings: Happening[]): Watched => watchWith({}, ...happenings);

function watchWith(excuses: Partial<Excuses>, ...happenings: Happening[]): Watched {
  const timeline = createTimeline();
  const violations: Violation[] = [];
  const watched = new WireWatch(timeline, (violation) => violations.push(violation), {
    cut: () => false,
    unanswered: () => false,
    ...excuses,
  });
  for (const happening of happenings) timeline.add({ at: 0, connection: 1, ...happening });
  watched.read();
  return { watch: watched, violations };
}

test('one token twice on one connection is told', () => {
  const { violations } = watch({ event: 'open' }, login('a'), login('b'), login('b'));
  expect(violations).toEqual([{ invariant: 'one-auth', detail: '#1  sent AUTH 2 times with b' }]);
});

test('a connection that was somebody else meanwhile becomes who it was again with the token from before', () => {
  const other: Happening = { event: 'login', login: { via: 'AUTH', username: 'other', token: 'b', expiresAt: 5000 } };
  expect(watch({ event: 'open' }, login('a'), other, login('a')).violations).toEqual([]);
  expect(watch({ event: 'open' }, login('a'), other, login('a'), login('a')).violations).toHaveLength(1);
});

test('one token on each of two connections is as it should be, also where a restarted server counts from the beginning', () => {
  const { violations } = watch({ event: 'open' }, login('a'), { event: 'close' }, { event: 'open' }, login('a'));
  expect(violations).toEqual([]);
});

test('a command before the login is told, unless the login was refused', () => {
  const reply: Happening = { event: 'reply', text: '-NOAUTH Authentication required.' };
  expect(watch({ event: 'open' }, reply).violations).toHaveLength(1);
  expect(watch({ event: 'open' }, { event: 'fault', text: 'error' }, reply).violations).toEqual([]);
});

test('a connection that is cut by expiry is told in a calm alone, unless something else explains it', () => {
  expect(watch({ event: 'open' }, { event: 'expired' }).violations).toEqual([]);
  const timeline = createTimeline();
  const violations: Violation[] = [];
  const cut: Excuses['cut'] = ({ id }) => id === 2;
  const strict = new WireWatch(timeline, (violation) => violations.push(violation), { cut, unanswered: () => false });
  strict.strict = true;
  for (const event of ['open', 'expired'] as const)
    for (const connection of [1, 2]) timeline.add({ at: 0, connection, event });
  strict.read();
  expect(violations).toEqual([{ invariant: 'calm', detail: '#1  was cut: its token expired' }]);
});

test('a connection whose AUTH has no answer, and that the server cuts at expiry, is told, unless something else explains it', () => {
  const hung: Happening[] = [{ event: 'open' }, login('a'), { event: 'fault', text: 'hang', at: 300 }];
  const cut: Happening = { event: 'expired', at: 700 };
  expect(watch(...hung, cut).violations).toEqual([
    { invariant: 'unanswered', detail: '#1  was cut: its AUTH had no answer for 400 ms' },
  ]);
  expect(watch(...hung, { event: 'close', text: 'by the client', at: 600 }).violations).toEqual([]);
  expect(watch({ event: 'open' }, login('a'), { event: 'fault', text: 'delay' }, cut).violations).toEqual([]);
  const asked: unknown[] = [];
  const unanswered: Excuses['unanswered'] = ({ loggedInAt, unansweredAt }, at) =>
    asked.push([loggedInAt, unansweredAt, at]) > 0;
  expect(watchWith({ unanswered }, ...hung, cut).violations).toEqual([]);
  expect(asked).toEqual([[0, 300, 700]]);
});

test('it knows which connections have logged in, and whose first login has no answer', () => {
  const { watch: read } = watch(
    { event: 'open' },
    login('a'),
    { event: 'fault', text: 'hang' },
    { event: 'open', connection: 2 },
    { event: 'fault', text: 'hang', connection: 2 },
    { event: 'open', connection: 3 },
  );
  expect(read.loggedIn).toEqual([1]);
  expect(read.hanging).toEqual([2]);
  expect(read.live).toEqual([1, 2, 3]);
});

test('it knows names by CLIENT SETNAME and by HELLO, and when a connection first subscribed', () => {
  const named = watch({ event: 'open' }, { event: 'command', args: ['client', 'setname', 'a'] });
  const greeted = watch(
    { event: 'open' },
    { event: 'command', args: ['HELLO', '3', 'AUTH', 'u', '<p>', 'SETNAME', 'b'] },
  );
  expect([...named.watch.connections, ...greeted.watch.connections].map(({ name }) => name)).toEqual(['a', 'b']);
  const { watch: subscribed } = watch({ event: 'open' }, { event: 'command', args: ['subscribe', 'x'], at: 77 });
  expect([...subscribed.connections].map(({ subscribedAt }) => subscribedAt)).toEqual([77]);
});
