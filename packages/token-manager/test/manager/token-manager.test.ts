import { expect, test } from 'vitest';
import { createTokenManager } from '../../src/index.ts';
import { TestClock } from '../../src/testing.ts';
import { FakeConnection, logIn } from '../support/fake-connection.ts';
import { bench, hour, minute, outcome, second } from '../support/bench.ts';

/** How the manager carries out what the state machine decides. */

test('what is aborted learns why: the timeout, or the close', async () => {
  const { clock, provider, manager } = bench({ script: ['hang', 'hang'] });
  outcome(manager.credentials());
  await clock.advance(35 * second);
  outcome(manager.credentials());
  manager.close();
  expect(provider.requests.map(({ signal }) => signal.reason)).toMatchObject([
    { code: 'ERR_TOKEN_REQUEST_TIMEOUT' },
    { code: 'ERR_MANAGER_CLOSED' },
  ]);
});

test('a request that was answered is not aborted by the close', async () => {
  const { provider, manager } = bench();
  await manager.credentials();
  manager.close();
  expect(provider.requests[0]?.signal.aborted).toBe(false);
});

test('a token event says how long the request took and when the next one is planned', async () => {
  const { clock, provider, manager, of } = bench();
  await clock.advance(hour);
  provider.script.push(() => new Promise((resolve) => clock.schedule(700, () => resolve(provider.issue()))));
  outcome(manager.credentials());
  await clock.advance(700);
  expect(of('token')).toMatchObject([{ durationMs: 700, refreshAt: clock.now() + 24 * minute }]);
});

test('a retry event says which attempt failed, why, and when the next one follows', async () => {
  const { clock, provider, manager, of } = bench();
  await manager.credentials();
  const cause = new Error('no route');
  provider.script.push(cause, cause);
  await clock.advance(25 * minute);
  const [, , second_, third] = provider.requests;
  expect(of('retry')).toMatchObject([
    { attempt: 1, retryAt: second_?.at, error: { code: 'ERR_TOKEN_REQUEST_FAILED', cause } },
    { attempt: 2, retryAt: third?.at, error: { cause } },
  ]);
});

test('token/permanent-error: while a permanent failure holds callers reject at once, without a request', async () => {
  const { clock, provider, manager } = bench({ script: [new Error('invalid_client'), new Error('invalid_client')] });
  await expect(manager.credentials()).rejects.toThrow('invalid_client');
  for (let i = 0; i < 5; i += 1) {
    await clock.advance(second);
    await expect(manager.credentials()).rejects.toThrow('It will answer the same until its configuration changes');
  }
  expect(provider.requests).toHaveLength(1);
  await clock.advance(25 * second);
  expect(provider.requests).toHaveLength(2);
});

test('token/permanent-error: a failure that was permanent and is not any more is waited for again', async () => {
  const { clock, manager } = bench({ script: [new Error('invalid_client'), new Error('no route')] });
  await expect(manager.credentials()).rejects.toThrow('invalid_client');
  await clock.advance(25 * second);
  const waiting = outcome(manager.credentials());
  await clock.advance(second);
  expect(waiting.value).toBeDefined();
});

test('token/close-twice: `using` closes', async () => {
  const clock = new TestClock();
  const world = bench();
  {
    using manager = world.manager;
    await manager.credentials();
  }
  await expect(world.manager.credentials()).rejects.toMatchObject({ code: 'ERR_MANAGER_CLOSED' });
  expect(world.clock.timers).toBe(0);
  expect(clock.timers).toBe(0);
});

test('a listener must be a function', () => {
  const { manager } = bench();
  expect(() => manager.subscribe('log' as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_OPTION',
      message: `Option "listener" must be a function, but is 'log'.`,
    }),
  );
});

test('a source of nothing is told like any other that cannot work', () => {
  expect(() => createTokenManager(undefined as never)).toThrow('"source" must be a TokenCredential (getToken)');
});

test('before it is asked for anything a manager has no timer; then it has exactly one, for all connections', async () => {
  const world = bench();
  world.manager.subscribe(() => undefined);
  expect(world.manager.current).toBeUndefined();
  expect(world.clock.timers).toBe(0);
  for (let i = 0; i < 10; i += 1) await logIn(world);
  expect(world.clock.timers).toBe(1);
  await world.clock.advance(hour);
  expect(world.clock.timers).toBe(1);
});

test('registering a connection is asking for a token; it needs no credentials()', async () => {
  const { clock, provider, manager } = bench();
  manager.register(new FakeConnection(() => clock.now()));
  await clock.advance(0);
  expect(provider.requests).toHaveLength(1);
  expect(manager.current).toBeDefined();
});

test('connections are served at their time, not at the next heartbeat', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  await world.clock.advance(24.5 * minute - 1);
  expect(connection.auths).toHaveLength(0);
  await world.clock.advance(1);
  expect(connection.auths).toHaveLength(1);
});

test('an unchanged token is neither an event nor an AUTH', async () => {
  const world = bench();
  const { connection } = await logIn(world);
  const { current } = world.manager;
  const same = world.provider.issue({ value: current?.password ?? '', expiresAt: current?.expiresAt ?? 0 });
  world.provider.script.push(same, same);
  await world.clock.advance(54 * minute);
  expect(world.provider.requests.map(({ force }) => force)).toEqual([false, true]);
  expect(world.types()).toEqual(['token']);
  expect(connection.auths).toEqual([]);
});

test('the refused event names the user and says what to check; refusals of other credentials are no events', async () => {
  const { clock, manager, of } = bench();
  const first = await manager.credentials();
  await clock.advance(minute);
  manager.reject({ ...first, password: 'another' }, new Error('WRONGPASS'));
  expect(of('refused')).toEqual([]);
  manager.reject(first, new Error('WRONGPASS'));
  expect(of('refused')).toMatchObject([
    { username: first.username, error: { code: 'ERR_AUTH_REFUSED', cause: { message: 'WRONGPASS' } } },
  ]);
});

test('credentials cannot be changed by who got them', async () => {
  const { manager } = bench();
  const credentials = await manager.credentials();
  expect(() => Object.assign(credentials, { username: 'default' })).toThrow(TypeError);
  expect(manager.current?.username).not.toBe('default');
});

test('the instants of events are whole milliseconds', async () => {
  const { clock, manager, events, provider } = bench({ script: [new Error('down')] });
  clock.randomValue = () => 0.1234567;
  outcome(manager.credentials());
  await clock.advance(hour);
  provider.script.push(new Error('down'));
  await clock.advance(hour);
  const instants = events.flatMap((event) => [
    ...('refreshAt' in event ? [event.refreshAt] : []),
    ...('retryAt' in event ? [event.retryAt] : []),
  ]);
  expect(instants.length).toBeGreaterThan(3);
  expect(instants.filter((at) => !Number.isInteger(at))).toEqual([]);
});
