import diagnostics from 'node:diagnostics_channel';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTokenManager, type TokenManager } from '../../src/index.ts';
import { ScriptedProvider, TestClock } from '../../src/testing.ts';
import { FakeConnection, wrongPass } from '../support/fake-connection.ts';
import { hour, minute, second } from '../support/bench.ts';

interface Told {
  readonly message: string;
  readonly code: string;
}

function world(): { clock: TestClock; provider: ScriptedProvider; manager: TokenManager; told: Told[] } {
  const clock = new TestClock();
  const provider = new ScriptedProvider(clock);
  const manager = createTokenManager(provider, { clock });
  const told: Told[] = [];
  const spy = vi
    .spyOn(process, 'emitWarning')
    .mockImplementation(((message: string, { code }: { code: string }) => void told.push({ message, code })) as never);
  onTestFinished(() => {
    spy.mockRestore();
    manager.close();
  });
  return { clock, provider, manager, told };
}

const down = (provider: ScriptedProvider): void =>
  void provider.script.push(...Array.from({ length: 10_000 }, () => new Error('ECONNREFUSED')));

async function logIn({ clock, manager }: ReturnType<typeof world>, address: string): Promise<FakeConnection> {
  const connection = Object.assign(new FakeConnection(() => clock.now()), { identity: { client: 'test', address } });
  manager.register(connection).authenticated(await manager.credentials());
  return connection;
}

test('token/unheard: nobody listens, and an outage is one process warning, that says what to run', async () => {
  const scene = world();
  const { clock, provider, told } = scene;
  await logIn(scene, 'cache.example:6380');
  const closedAt = new Date(clock.now() + hour).toISOString();
  down(provider);
  await clock.advance(3 * hour);
  expect(told).toHaveLength(1);
  expect(told[0]?.code).toBe('ERR_TOKEN_REQUEST_FAILED');
  for (const part of ['ECONNREFUSED', provider.objectId, closedAt, 'npx entra-redis doctor cache.example'])
    expect(told[0]?.message).toContain(part);
  provider.script.length = 0;
  await clock.advance(minute);
  down(provider);
  await clock.advance(hour);
  expect(told).toHaveLength(2);
});

test('token/unheard: without any token it says that no connection can log in', async () => {
  const { clock, provider, manager, told } = world();
  down(provider);
  await manager.credentials().catch(() => undefined);
  await clock.advance(hour);
  expect(told).toHaveLength(1);
  expect(told[0]?.message).toContain('No connection can log in. Run: npx entra-redis doctor HOST');
});

test('token/unheard: a permanent failure is told at once, and an expired token as such', async () => {
  const { clock, provider, manager, told } = world();
  provider.script.push(new Error('AADSTS7000222: expired'));
  await manager.credentials().catch(() => undefined);
  expect(told).toMatchObject([{ message: expect.stringContaining('AADSTS7000222') }]);
  await clock.advance(minute);
  const late = world();
  await late.manager.credentials();
  late.clock.sleep(2 * hour);
  down(late.provider);
  await late.clock.advance(minute);
  expect(late.told[0]?.message).toContain('The token expired at 2026-01-01T01:00:00.000Z, and the cache has closed');
});

test('token/unheard: a passing fault is no outage', async () => {
  const { clock, provider, manager, told } = world();
  await manager.credentials();
  provider.script.push(new Error('ECONNRESET'), new Error('ECONNRESET'));
  await clock.advance(2 * hour);
  expect(told).toEqual([]);
});

test('token/unheard: an identity without an access policy is one process warning, however often it is refused', async () => {
  const scene = world();
  const { clock, provider, manager, told } = scene;
  const connection = await logIn(scene, '10.0.0.1:6380');
  connection.script.push(...Array.from({ length: 10_000 }, wrongPass));
  await clock.advance(5 * hour);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ code: 'ERR_AUTH_REFUSED' });
  for (const part of [
    provider.objectId,
    'access policy',
    'npx entra-redis doctor HOST',
    'closes connections from 2026-',
  ])
    expect(told[0]?.message).toContain(part);
  expect(told[0]?.message).not.toContain(manager.current?.password);
  // It is let in, and later refused again.
  connection.script.length = 0;
  await clock.advance(2 * hour);
  connection.script.push(wrongPass());
  await clock.advance(hour);
  expect(told).toHaveLength(2);
});

test('token/unheard: an outage that follows one which ended with the same token is told, too', async () => {
  const { clock, provider, manager, told } = world();
  const token = provider.issue();
  provider.script.push(token);
  await manager.credentials();
  const outage = Array.from({ length: 4 }, () => new Error('ECONNREFUSED'));
  provider.script.push(...outage, token, ...outage);
  await clock.advance(hour);
  expect(told).toHaveLength(2);
});

test('token/unheard: a token that claims to be valid for ever is valid until the end of the year 9999', async () => {
  const scene = world();
  const { provider, manager, told } = scene;
  provider.script.push(provider.issue({ expiresAt: Number.MAX_SAFE_INTEGER }));
  await logIn(scene, 'cache.example:6380');
  const credentials = await manager.credentials();
  expect(new Date(credentials.expiresAt).toISOString()).toBe('9999-12-31T23:59:59.999Z');
  manager.reject(credentials, wrongPass());
  expect(told).toMatchObject([{ message: expect.stringContaining('closes connections from 9999-12-31') }]);
});

test.each(['a subscriber', 'a diagnostics channel'])(
  'token/unheard: %s hears it, and there is no warning',
  async (who) => {
    const { clock, provider, manager, told } = world();
    const listen = (): void => undefined;
    if (who === 'a subscriber') manager.subscribe(listen);
    else
      for (const name of ['entra-redis:failed', 'entra-redis:retry']) {
        diagnostics.subscribe(name, listen);
        onTestFinished(() => void diagnostics.unsubscribe(name, listen));
      }
    down(provider);
    await manager.credentials().catch(() => undefined);
    await clock.advance(hour);
    expect(told).toEqual([]);
  },
);

test('the manager says how many connections it serves', async () => {
  const scene = world();
  const { clock, manager } = scene;
  expect(manager.connections).toBe(0);
  const registrations = Array.from({ length: 3 }, () => manager.register(new FakeConnection(() => clock.now())));
  expect(manager.connections).toBe(0);
  for (const each of registrations) each.authenticated(await manager.credentials());
  expect(manager.connections).toBe(3);
  registrations[0]?.disconnected();
  registrations[1]?.release();
  await clock.advance(second);
  expect(manager.connections).toBe(1);
  manager.close();
  expect(manager.connections).toBe(0);
});
