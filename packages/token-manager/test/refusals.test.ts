import { expect, test } from 'vitest';
import type { Connection, Credentials, Registration } from '../src/index.ts';
import { type Bench, bench, hour, minute, outcome, second } from './support.ts';

const wrongPass = (): Error => new Error('WRONGPASS invalid username-password pair or user is disabled.');

/** A connection whose server answers each AUTH as told; it notes what was sent. */
function connectionOf(answer: (credentials: Credentials) => Promise<void>): { connection: Connection; sent: string[] } {
  const sent: string[] = [];
  const connection: Connection = {
    identity: { client: 'test' },
    canAuthenticate: () => true,
    authenticate: (credentials) => {
      sent.push(credentials.password);
      return answer(credentials);
    },
  };
  return { connection, sent };
}

async function logIn({ manager }: Bench, connection: Connection): Promise<Registration> {
  const registration = manager.register(connection);
  registration.authenticated(await manager.credentials());
  return registration;
}

test('connect/refused: a refused handshake forces one request at once, is told, and others wait for the new token', async () => {
  const { clock, provider, manager, of } = bench();
  const refused = await manager.credentials();
  await clock.advance(5 * second);
  for (let i = 0; i < 200; i += 1) manager.reject(refused, wrongPass());
  expect(manager.current).toBeUndefined();
  const fresh = outcome(manager.credentials());
  await clock.advance(0);
  expect(provider.requests.map(({ force }) => force)).toEqual([false, true]);
  expect(fresh.value?.password).not.toBe(refused.password);
  expect(of('refused')).toHaveLength(1);
  expect(of('refused')[0]?.error).toMatchObject({
    code: 'ERR_AUTH_REFUSED',
    message: expect.stringContaining(provider.objectId),
  });
});

test('connect/refused: fresh tokens refused too stay in use, and others are asked for more and more slowly', async () => {
  const { clock, provider, manager, gaps } = bench();
  manager.reject(await manager.credentials(), wrongPass());
  const endAt = clock.now() + 30 * minute;
  while (clock.now() < endAt) {
    await clock.advance(2 * second);
    // The client tries again every two seconds, with whatever there is.
    const { current } = manager;
    expect(current).toBeDefined();
    if (current !== undefined) manager.reject(current, wrongPass());
  }
  expect(provider.requests.length).toBeLessThan(15);
  const last = gaps().slice(-2);
  expect(last.every((gap) => gap > minute)).toBe(true);
});

test('one server that refuses every token for an hour costs the other connections a few AUTHs, not a storm', async () => {
  const world = bench();
  const bad = connectionOf(() => Promise.reject(wrongPass()));
  const good = connectionOf(() => Promise.resolve());
  await logIn(world, bad.connection);
  await logIn(world, good.connection);
  await world.clock.advance(2 * hour);
  expect(good.sent.length).toBeLessThan(20);
  expect(world.manager.current).toBeDefined();
});

test('an ordinary refresh forgets refusals: the next one is answered at once again', async () => {
  const { clock, provider, manager } = bench();
  manager.reject(await manager.credentials(), wrongPass());
  await clock.advance(second);
  await clock.advance(42 * minute);
  const before = provider.requests.length;
  expect(provider.requests.at(-1)?.force).toBe(false);
  manager.reject(await manager.credentials(), wrongPass());
  expect(provider.requests.length - before).toBe(1);
  expect(provider.requests.at(-1)?.force).toBe(true);
});

test('a provider that has no other token than the refused one: it is served again, and nobody waits for ever', async () => {
  const { clock, provider, manager, of } = bench();
  const only = provider.issue();
  provider.script.push(only, only, only);
  const first = await manager.credentials();
  manager.reject(first, wrongPass());
  const again = outcome(manager.credentials());
  await clock.advance(second);
  expect(again.value?.password).toBe(only.value);
  expect(of('token')).toHaveLength(1);
  manager.reject(first, wrongPass());
  expect(manager.current?.password).toBe(only.value);
  await clock.advance(2 * second);
  expect(provider.requests).toHaveLength(3);
});

test('reauth/refused: one forced request and one retry, then an event and paced backoff', async () => {
  const world = bench();
  const { clock, provider, of } = world;
  const { connection, sent } = connectionOf(() => Promise.reject(wrongPass()));
  await logIn(world, connection);
  // Refreshed at 40.5 min; a lone connection stands in the middle of the window.
  await clock.advance(41 * minute + 100);
  expect(sent).toHaveLength(2);
  expect(new Set(sent).size).toBe(2);
  expect(provider.requests.map(({ force }) => force)).toEqual([false, false, true]);
  const [told] = of('reauthentication-failed');
  expect(told).toMatchObject({ attempt: 2, error: { code: 'ERR_AUTH_REFUSED' } });
  await clock.advance(10 * minute);
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.length).toBeLessThan(40);
});

test('reauth/refused: a server that hears of the identity late is logged in by the retry', async () => {
  const world = bench();
  const answers = [wrongPass()];
  const { connection, sent } = connectionOf(() => {
    const error = answers.shift();
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  });
  await logIn(world, connection);
  await world.clock.advance(43 * minute);
  expect(sent).toHaveLength(2);
  expect(world.of('reauthenticated')).toHaveLength(1);
  expect(world.of('reauthentication-failed')).toEqual([]);
});
