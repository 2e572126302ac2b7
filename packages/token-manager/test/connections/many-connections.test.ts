import { expect, test } from 'vitest';
import type { Credentials } from '../../src/index.ts';
import { type FakeConnection, type LoggedIn, logIn, wrongPass } from '../support/fake-connection.ts';
import { bench, minute, second } from '../support/bench.ts';

/** With the test clock's draw of one half. */
const refreshAt = 24 * minute;

test('reauth/storm: a token that comes to 10,000 connections reaches all', async () => {
  const world = bench();
  const connections: FakeConnection[] = [];
  for (let i = 0; i < 10_000; i += 1) connections.push((await logIn(world)).connection);
  await world.clock.advance(refreshAt + 2 * minute);
  expect(connections.filter(({ passwords }) => passwords.join() !== world.manager.current?.password)).toEqual([]);
});

test('reauth/subscriber-resp2: of many connections, one that is free for a moment when the token comes gets its AUTH then, and one alone', async () => {
  const world = bench();
  const all: LoggedIn[] = [];
  for (let i = 0; i < 3000; i += 1) all.push(await logIn(world));
  const [last, closed, cut] = all.slice(-3) as [LoggedIn, LoggedIn, LoggedIn];
  const loggedIn = all.at(-4) as LoggedIn;
  world.manager.subscribe(({ type }) => {
    if (type !== 'token') return;
    last.registration.authenticateNow();
    closed.registration.release();
    cut.registration.disconnected();
    loggedIn.registration.authenticated(world.manager.current as Credentials);
  });
  await world.clock.advance(refreshAt);
  expect(last.connection.passwords).toEqual([world.manager.current?.password]);
  await world.clock.advance(2 * minute);
  expect(last.connection.auths).toHaveLength(1);
  expect([closed, cut, loggedIn].flatMap(({ connection }) => connection.auths)).toEqual([]);
  expect(world.of('reauthenticated')).toHaveLength(all.length - 3);
});

test('reauth/storm: after a sleep during a refresh, what was due meanwhile is spread over the window of the token that comes then', async () => {
  const world = bench();
  const all: LoggedIn[] = [];
  for (let i = 0; i < 3000; i += 1) all.push(await logIn(world));
  await world.clock.advance(refreshAt + 5 * second);
  const before = new Set(all.filter(({ connection }) => connection.auths.length > 0));
  world.clock.sleep(5 * minute);
  world.manager.reject(world.manager.current as Credentials, wrongPass());
  await world.clock.advance(2 * minute);
  const perSecond = new Map<number, number>();
  for (const { connection } of all.filter((each) => !before.has(each))) {
    expect(connection.passwords).toEqual([world.manager.current?.password]);
    const at = Math.floor((connection.auths[0]?.at ?? 0) / second);
    perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThan(200);
});
