import { expect, test } from 'vitest';
import { FakeConnection, logIn, timedOut, wrongPass } from './fake-connection.ts';
import { bench, hour, minute, second } from './support.ts';

/** With the test clock's draw of one half an hour-long token is renewed after 40.5 min, and a lone connection waits half a window. */
const refreshAt = 40.5 * minute;

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
  await world.clock.advance(30 * minute);
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

test('reauth/lost: an AUTH lost by a timeout is tried again soon, long before the token expires, and the failure is told', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(timedOut());
  await world.clock.advance(43 * minute);
  const [lost, again] = connection.auths;
  expect(connection.passwords).toEqual([world.manager.current?.password, world.manager.current?.password]);
  expect((again?.at ?? 0) - (lost?.at ?? 0)).toBe(375);
  const [told] = world.of('reauthentication-failed');
  expect(told).toMatchObject({
    connection: { client: 'test', address: 'localhost:6380' },
    error: {
      code: 'ERR_AUTH_FAILED',
      message: 'AUTH got lost: Command timed out',
      cause: { message: 'Command timed out' },
    },
    attempt: 1,
    retryAt: again?.at,
  });
  expect(world.of('reauthenticated')).toMatchObject([{ expiresAt: world.manager.current?.expiresAt, durationMs: 0 }]);
});

test('reauth/lost: the tries come further apart, but always several before the margin', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { expiresAt } = await world.manager.credentials();
  connection.script.push(...Array.from({ length: 100 }, timedOut));
  await world.clock.advance(57 * minute);
  const gaps = connection.auths.slice(1).map(({ at }, i) => at - (connection.auths[i]?.at ?? 0));
  expect(gaps.slice(0, 4)).toEqual([375, 750, 1500, 3000]);
  expect(Math.max(...gaps)).toBe(22_500);
  // The last of them is on the margin itself.
  expect(connection.auths.some(({ at }) => at === expiresAt - 3 * minute)).toBe(true);
});

test('an AUTH accepted after failures starts the count anew', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push(timedOut(), timedOut());
  await world.clock.advance(hour);
  connection.script.push(timedOut());
  await world.clock.advance(30 * minute);
  expect(world.of('reauthentication-failed').map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
});

test('how long an AUTH took is told with it', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  connection.script.push('wait');
  await world.clock.advance(refreshAt + 30 * second + 70);
  connection.pending[0]?.accept();
  await world.clock.advance(0);
  expect(world.of('reauthenticated')).toMatchObject([
    { connection: connection.identity, durationMs: 70, expiresAt: world.manager.current?.expiresAt },
  ]);
});

test('an adapter whose callbacks throw harms no other connection, and is tried again', async () => {
  const world = bench();
  const unsure = await logIn(world);
  const broken = await logIn(world);
  const healthy = await logIn(world);
  unsure.connection.canAuthenticate = () => {
    throw new Error('bug');
  };
  unsure.connection.onDeadline = () => {
    throw new Error('bug');
  };
  broken.connection.authenticate = () => {
    throw new Error('bug');
  };
  await world.clock.advance(58 * minute);
  expect(unsure.connection.auths).toEqual([]);
  expect(healthy.connection.auths).toHaveLength(1);
  expect(world.of('reauthentication-failed')[0]?.error).toMatchObject({
    code: 'ERR_AUTH_FAILED',
    message: 'AUTH got lost: AUTH could not be sent.',
  });
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
