import { expect, test } from 'vitest';
import { logIn, type LoggedIn, wrongPass } from '../support/fake-connection.ts';
import { type Bench, bench, hour, minute, second } from '../support/bench.ts';

/** An AUTH that is never answered: a proxy that swallows it, a server that hangs. Tokens live for a day. */
const day = 24 * hour;

/** Logs in, and sends the AUTH of the first refresh, which has no answer. */
async function unanswered(world: Bench, blocked?: () => boolean): Promise<LoggedIn & { sentAt: number }> {
  const each = await logIn(world);
  const { connection } = each;
  if (blocked) Object.assign(connection, { isBlocked: blocked });
  connection.script.push('wait');
  while (connection.auths.length === 0) await world.clock.advance(second);
  return { ...each, sentAt: connection.auths[0]?.at ?? 0 };
}

test('reauth/unanswered: an AUTH without an answer that nothing holds up is told after 30 s, and its connection is to be replaced', async () => {
  const world = bench({ lifetimeMs: day });
  const { connection, sentAt } = await unanswered(world, () => false);
  await world.clock.advance(29 * second);
  expect([connection.deadlines, world.of('reauthentication-failed')]).toEqual([[], []]);
  await world.clock.advance(2 * second);
  expect(connection.deadlines).toEqual([{ at: sentAt + 30 * second + 1, password: world.manager.current?.password }]);
  expect(world.of('reauthentication-failed')).toMatchObject([
    {
      connection: connection.identity,
      error: { code: 'ERR_AUTH_FAILED', message: expect.stringContaining('no answer within 30 s') },
      attempt: 1,
    },
  ]);
});

test('reauth/unanswered: behind a blocking command it waits, and is given up 30 s after the command has ended at the latest', async () => {
  const world = bench({ lifetimeMs: day });
  let blocked = true;
  const { connection } = await unanswered(world, () => blocked);
  await world.clock.advance(hour);
  expect(connection.deadlines).toEqual([]);
  blocked = false;
  await world.clock.advance(31 * second);
  expect(connection.deadlines).toHaveLength(1);
});

test.each([
  ['does not say', undefined],
  [
    'throws when asked',
    () => {
      throw new Error('bug');
    },
  ],
])(
  'reauth/unanswered: an adapter that %s whether it is blocked is given time until the deadline',
  async (_, blocked) => {
    const world = bench({ lifetimeMs: day });
    const { connection } = await unanswered(world, blocked);
    const { expiresAt } = await world.manager.credentials();
    await world.clock.advance(6 * hour);
    expect(connection.deadlines).toEqual([]);
    expect(expiresAt).toBeGreaterThan(world.clock.now());
  },
);

test('reauth/unanswered: an answer within 30 s, or in the very turn in which it is given up, counts', async () => {
  const world = bench({ lifetimeMs: day });
  const { connection, sentAt } = await unanswered(world, () => false);
  await world.clock.advance(sentAt + 30 * second - world.clock.now());
  connection.pending[0]?.accept();
  await world.clock.advance(minute);
  expect(connection.deadlines).toEqual([]);
  expect(world.of('reauthenticated')).toHaveLength(1);
});

test('reauth/unanswered: a connection that goes on all the same is told again of the next token, once', async () => {
  const world = bench({ lifetimeMs: day });
  const { connection } = await unanswered(world, () => false);
  await world.clock.advance(hour);
  expect(connection.deadlines).toHaveLength(1);
  await world.clock.advance(day);
  const tokens = world.of('token').map(({ credentials }) => credentials.password);
  expect(connection.deadlines.map(({ password }) => password)).toEqual(tokens.slice(1));
  expect(connection.auths).toHaveLength(1);
});

test('reauth/unanswered: a connection that is replaced logs in anew, and is told nothing more', async () => {
  const world = bench({ lifetimeMs: day });
  const { connection, registration } = await unanswered(world, () => false);
  connection.onDeadline = (credentials) => {
    registration.disconnected();
    registration.authenticated(credentials);
  };
  await world.clock.advance(2 * minute);
  expect(world.of('reauthentication-failed')).toHaveLength(1);
  await world.clock.advance(20 * hour);
  expect(connection.auths).toHaveLength(2);
  expect(world.of('reauthenticated')).toHaveLength(1);
});

test('reauth/unanswered: a token that comes meanwhile does not prolong the 30 s', async () => {
  const world = bench({ lifetimeMs: day });
  const { connection, sentAt } = await unanswered(world, () => false);
  await world.clock.advance(10 * second);
  world.manager.reject(await world.manager.credentials(), wrongPass());
  await world.clock.advance(second);
  expect(world.of('token')).toHaveLength(3);
  await world.clock.advance(30 * second);
  expect(connection.deadlines.map(({ at }) => at)).toEqual([sentAt + 30 * second + 1]);
});
