import { expect, test } from 'vitest';
import { FakeConnection, logIn, timedOut, wrongPass } from '../support/fake-connection.ts';
import { bench, hour, minute, second } from '../support/bench.ts';

/** With the test clock's draw of one half an hour-long token is renewed after 40.5 min, and a lone connection waits half a window. */
const refreshAt = 24 * minute;

test('reauth/manual-multi: a connection inside MULTI gets no AUTH, and exactly one as soon as it says that MULTI ended', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.free = false;
  await world.clock.advance(50 * minute);
  expect(connection.auths).toEqual([]);
  connection.free = true;
  registration.resume();
  expect(connection.passwords).toEqual([world.manager.current?.password]);
  registration.resume();
  await world.clock.advance(minute);
  expect(connection.auths).toHaveLength(1);
  expect(world.of('reauthenticated')).toHaveLength(1);
});

test('reauth/subscriber-resp2: a connection that is free for a moment gets its AUTH then, before its instant in the window', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  registration.authenticateNow();
  await world.clock.advance(refreshAt + second);
  expect(connection.auths).toEqual([]);
  registration.resume();
  expect(connection.auths).toEqual([]);
  registration.authenticateNow();
  expect(connection.passwords).toEqual([world.manager.current?.password]);
  await world.clock.advance(10 * minute);
  expect(connection.auths).toHaveLength(1);
});

test('reauth/blocked: a connection blocked through two refreshes gets the newest token alone when it is free', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.free = false;
  await world.clock.advance(refreshAt + 45 * minute);
  const newest = world.manager.current?.password;
  expect(world.of('token')).toHaveLength(3);
  connection.free = true;
  registration.resume();
  await world.clock.advance(minute);
  expect(connection.passwords).toEqual([newest]);
});

test('reauth/subscriber-leaves: a connection that says it is free, but is not, waits on', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.free = false;
  await world.clock.advance(45 * minute);
  registration.resume();
  expect(connection.auths).toEqual([]);
  connection.free = true;
  registration.resume();
  expect(connection.auths).toHaveLength(1);
});

test('a connection that says it is free when nothing waited for it gets nothing', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  registration.resume();
  await world.clock.advance(refreshAt + second);
  registration.resume();
  expect(connection.auths).toEqual([]);
  await world.clock.advance(minute);
  registration.resume();
  expect(connection.auths).toHaveLength(1);
});

test('a token that comes while an AUTH has no answer yet is sent after that answer, and none twice', async () => {
  const world = bench({ lifetimeMs: 10 * minute });
  const { connection } = await logIn(world);
  connection.script.push('wait');
  await world.clock.advance(21 * minute);
  expect(world.of('token').length).toBeGreaterThanOrEqual(4);
  expect(connection.auths).toHaveLength(1);
  connection.pending[0]?.accept();
  await world.clock.advance(0);
  expect(connection.passwords).toEqual([connection.auths[0]?.password, world.manager.current?.password]);
  await world.clock.advance(minute);
  expect(connection.auths).toHaveLength(2);
});

test('an AUTH of an older token that fails is not retried: the newest token follows at once, and nothing is told', async () => {
  const world = bench({ lifetimeMs: 10 * minute });
  const { connection } = await logIn(world);
  connection.script.push('wait');
  await world.clock.advance(15 * minute);
  connection.pending[0]?.fail(wrongPass());
  await world.clock.advance(0);
  expect(connection.passwords.slice(1)).toEqual([world.manager.current?.password]);
  expect(world.of('reauthentication-failed')).toEqual([]);
  expect(world.of('refused')).toEqual([]);
});

const endings: [string, (registration: { disconnected(): void; release(): void }) => void][] = [
  ['the socket is gone', (registration) => registration.disconnected()],
  ['the connection is closed', (registration) => registration.release()],
];
for (const [ended, end] of endings) {
  for (const late of ['accepted', 'lost', 'refused'] as const) {
    test(`an AUTH that is ${late} after ${ended} changes nothing and tells nothing`, async () => {
      const world = bench();
      const { connection, registration } = await logIn(world);
      connection.script.push('wait');
      await world.clock.advance(45 * minute);
      end(registration);
      const [pending] = connection.pending;
      const told = world.events.length;
      if (late === 'accepted') pending?.accept();
      else pending?.fail(late === 'lost' ? timedOut() : wrongPass());
      await world.clock.advance(10 * minute);
      expect(connection.auths).toHaveLength(1);
      expect(world.events).toHaveLength(told);
      expect(world.provider.requests).toHaveLength(2);
    });
  }
}

test('after release every call is without effect', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  const old = await world.manager.credentials();
  registration.release();
  await world.clock.advance(45 * minute);
  registration.authenticated(old);
  registration.resume();
  registration.authenticateNow();
  registration.disconnected();
  registration.release();
  await world.clock.advance(45 * minute);
  expect(connection.auths).toEqual([]);
});

test('a refresh during the handshake: the connection logged in with the older token gets the newest at once', async () => {
  const world = bench();
  const connection = new FakeConnection(() => world.clock.now());
  const registration = world.manager.register(connection);
  const old = await world.manager.credentials();
  await world.clock.advance(45 * minute);
  registration.authenticated(old);
  await world.clock.advance(0);
  expect(connection.passwords).toEqual([world.manager.current?.password]);
  await world.clock.advance(10 * minute);
  expect(connection.auths).toHaveLength(1);
});

test('connect/fresh-on-reconnect: what was due to the former socket is not sent to the new one, which has the newest token', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  await world.clock.advance(refreshAt + second);
  registration.disconnected();
  registration.authenticated(await world.manager.credentials());
  await world.clock.advance(20 * minute);
  expect(connection.auths).toEqual([]);
});

test('an AUTH of the former socket, accepted late, does not count for the new one', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  const first = await world.manager.credentials();
  connection.script.push('wait');
  await world.clock.advance(45 * minute);
  registration.disconnected();
  registration.authenticated(first);
  connection.pending[0]?.accept();
  await world.clock.advance(0);
  const newest = world.manager.current?.password;
  expect(connection.passwords).toEqual([newest, newest]);
});

test('an AUTH of the former socket that fails two refreshes later changes nothing on the new one', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.script.push('wait');
  while (connection.auths.length < 1) await world.clock.advance(minute);
  registration.disconnected();
  registration.authenticated(await world.manager.credentials());
  while (connection.auths.length < 2) await world.clock.advance(minute);
  connection.script.push('wait');
  while (connection.auths.length < 3) await world.clock.advance(minute);
  connection.pending[0]?.fail(timedOut());
  await world.clock.advance(second);
  expect(connection.auths).toHaveLength(3);
  connection.pending[1]?.accept();
  await world.clock.advance(second);
  expect(world.of('reauthenticated')).toHaveLength(2);
});

test('closing the manager ends what was due, and its late answers change nothing', async () => {
  const world = bench();
  const waiting = await logIn(world);
  const due = await logIn(world);
  waiting.connection.script.push('wait');
  await world.clock.advance(refreshAt + 31 * second);
  const told = world.events.length;
  world.manager.close();
  waiting.connection.pending[0]?.fail(wrongPass());
  waiting.registration.resume();
  due.registration.disconnected();
  await world.clock.advance(hour);
  expect(world.events).toHaveLength(told);
  expect(world.clock.timers).toBe(0);
  expect(due.connection.auths).toEqual([]);
});

test('a connection that is offline is neither sent an AUTH that was due nor told of its deadline', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  await world.clock.advance(refreshAt + second);
  registration.disconnected();
  await world.clock.advance(2 * hour);
  expect([...connection.auths, ...connection.deadlines]).toEqual([]);
  const failing = await logIn(world);
  failing.connection.script.push(...Array.from({ length: 1000 }, timedOut));
  while (failing.connection.auths.length === 0) await world.clock.advance(second);
  failing.registration.disconnected();
  failing.registration.resume();
  const sent = failing.connection.auths.length;
  await world.clock.advance(2 * hour);
  expect(failing.connection.auths).toHaveLength(sent);
  expect(failing.connection.deadlines).toEqual([]);
});

test('a connection that was parked when the manager was closed gets nothing when it is free', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  connection.free = false;
  await world.clock.advance(45 * minute);
  world.manager.close();
  connection.free = true;
  registration.resume();
  await world.clock.advance(hour);
  expect([...connection.auths, ...connection.deadlines]).toEqual([]);
});

test('a connection that logs in with a token that the manager does not have, and that lives longer, is left alone', async () => {
  const world = bench();
  const { connection, registration } = await logIn(world);
  const foreign = { username: 'me', password: 'of another manager', expiresAt: world.clock.now() + 2 * hour };
  registration.authenticated(foreign);
  await world.clock.advance(20 * minute);
  expect(connection.auths).toEqual([]);
});

test('a connection may log in before the manager has a token of its own', async () => {
  const world = bench({ script: ['hang'] });
  const connection = new FakeConnection(() => world.clock.now());
  const registration = world.manager.register(connection);
  registration.authenticated({ username: 'me', password: 'mine', expiresAt: world.clock.now() + hour });
  await world.clock.advance(2 * minute);
  expect(connection.passwords).toEqual([world.manager.current?.password]);
});
