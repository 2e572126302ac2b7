import { expect, test } from 'vitest';
import { logIn, timedOut, wrongPass } from '../support/fake-connection.ts';
import { bench, hour, minute, second } from '../support/bench.ts';

/** AUTHs that get lost on the way: by timeouts, full queues, servers that load, adapters with bugs. */
const refreshAt = 24 * minute;

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
  connection.script.push(...Array.from({ length: 200 }, timedOut));
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
    message: 'AUTH got lost: bug',
  });
});

test('the nearer the margin, the closer together are the tries of an AUTH that gets lost', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const margin = (await world.manager.credentials()).expiresAt - 3 * minute;
  connection.script.push(...Array.from({ length: 200 }, timedOut));
  await world.clock.advance(57 * minute);
  const last = connection.auths.filter(({ at }) => at > margin - 90 * second && at < margin);
  expect(last.length).toBeGreaterThanOrEqual(10);
  const gaps = last.slice(1).map(({ at }, i) => at - (last[i]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(375);
});

test('reauth/lost: each failure tells the instant of the next try, whatever the draw', async () => {
  const world = bench();
  let seed = 9;
  world.clock.randomValue = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const fleet = [await logIn(world), await logIn(world), await logIn(world)];
  for (const { connection } of fleet) connection.script.push(...Array.from({ length: 8 }, timedOut));
  const told: number[] = [];
  world.manager.subscribe((event) => event.type === 'reauthentication-failed' && told.push(event.retryAt));
  await world.clock.advance(50 * minute);
  const retries = fleet.flatMap(({ connection }) => connection.auths.slice(1).map(({ at }) => at));
  expect(told).toHaveLength(24);
  const sorted = (instants: number[]): number[] => instants.map(Math.round).sort((a, b) => a - b);
  expect(sorted(told)).toEqual(sorted(retries));
});

test.each([
  ['was lost', timedOut],
  ['was refused', wrongPass],
])(
  'reauth/lost: a connection that is free for a moment does not hurry the retry of an AUTH that %s',
  async (_, failure) => {
    const world = bench();
    const { connection, registration } = await logIn(world);
    connection.script.push(failure());
    world.provider.script.push(() => world.provider.issue(), 'hang');
    while (connection.auths.length === 0) await world.clock.advance(second / 10);
    for (let i = 0; i < 10; i += 1) registration.authenticateNow();
    expect(connection.auths).toHaveLength(1);
  },
);

test('reauth/lost: another connection that is refused, while the provider has no other token, does not move the retry of a lost AUTH', async () => {
  const world = bench();
  const lost = await logIn(world);
  const refused = await logIn(world);
  lost.connection.script.push(...Array.from({ length: 7 }, timedOut));
  refused.connection.script.push(wrongPass());
  await world.clock.advance(refreshAt);
  const value = world.manager.current?.password ?? '';
  world.provider.script.push(world.provider.issue({ value }));
  await world.clock.advance(3 * minute);
  expect(world.of('refused')).toHaveLength(1);
  expect(refused.connection.passwords).toEqual([value, value]);
  const retries = world.of('reauthentication-failed').map(({ retryAt }) => retryAt);
  expect(retries).toEqual(lost.connection.auths.slice(1).map(({ at }) => at));
});
