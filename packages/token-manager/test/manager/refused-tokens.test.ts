import { describe, expect, test } from 'vitest';
import { authRefused } from '../../src/index.ts';
import { makeJwt } from '../../src/testing.ts';
import { createCredentials } from '../../src/tokens/credentials.ts';
import { logIn, timedOut, wrongPass } from '../support/fake-connection.ts';
import { bench, hour, minute, second } from '../support/bench.ts';

test('token/refused-never-wins: a forced request brings a token with a shorter life, which is served, and the refused one never again', async () => {
  const { clock, provider, manager } = bench({ lifetimeMs: 2 * hour });
  const first = await manager.credentials();
  await clock.advance(minute);
  manager.reject(first, wrongPass());
  await clock.advance(second);
  const second_ = await manager.credentials();
  // The second refusal leaves the token in use, and asks for another one, which lives shorter.
  provider.lifetimeMs = hour;
  manager.reject(second_, wrongPass());
  await clock.advance(5 * minute);
  const third = await manager.credentials();
  expect([first.password, second_.password]).not.toContain(third.password);
  expect(third.expiresAt).toBeLessThan(second_.expiresAt);
  // A cache that still holds the refused one does not bring it back.
  const again = provider.issue({ value: second_.password, expiresAt: clock.now() + 3 * hour });
  provider.script.push(again, again, again);
  await clock.advance(50 * minute);
  expect(manager.current?.password).not.toBe(second_.password);
});

test('token/refused-never-wins: a token that is refused while the same one is on its way is asked for past the cache', async () => {
  const { clock, provider, manager } = bench({}, { refresh: { jitterRatio: 0 } });
  const first = await manager.credentials();
  provider.script.push(
    () =>
      new Promise(
        (resolve) => void clock.schedule(10 * second, () => resolve(provider.issue({ value: first.password }))),
      ),
  );
  await clock.advance(42.1 * minute);
  manager.reject(first, wrongPass());
  await clock.advance(20 * second);
  expect(provider.requests.map(({ force }) => force)).toEqual([false, false, true]);
  expect(manager.current?.password).not.toBe(first.password);
});

describe('token/identity-changed', () => {
  const other = '99999999-2222-3333-4444-555555555555';

  test('the next token has another oid: one event with both', async () => {
    const { clock, provider, manager, events } = bench();
    await manager.credentials();
    const { objectId } = provider;
    provider.objectId = other;
    await clock.advance(3 * hour);
    const changes = events.filter(({ type }) => type === 'identity-changed');
    expect(changes).toEqual([{ type: 'identity-changed', formerUsername: objectId, username: other }]);
  });

  test('a refusal of the second identity discards nothing of the first one: connections go on as who they were', async () => {
    const world = bench();
    const { clock, provider, manager, of, events } = world;
    const { connection } = await logIn(world);
    const first = await manager.credentials();
    provider.objectId = other;
    connection.script.push(wrongPass());
    await clock.advance(45 * minute);
    expect(manager.current).toEqual(first);
    // One AUTH as the other, none after that.
    expect(connection.auths).toHaveLength(1);
    expect(of('refused')).toMatchObject([{ username: other }]);
    expect(events.filter(({ type }) => type === 'identity-changed')).toHaveLength(2);
    // While the first one's token is good, the other's are not taken again.
    await clock.advance(11 * minute);
    expect(manager.current).toEqual(first);
    expect(connection.auths).toHaveLength(1);
    expect(provider.requests.length).toBeLessThan(10);
    // After that there is nothing else.
    await clock.advance(9 * minute);
    expect(manager.current?.username).toBe(other);
  });

  test('the refused identity has one more try at the margin: it may have a policy by then, and no connection is cut', async () => {
    const world = bench();
    const { clock, provider, manager } = world;
    const { connection } = await logIn(world);
    const { expiresAt } = await manager.credentials();
    provider.objectId = other;
    connection.script.push(wrongPass());
    await clock.advance(expiresAt - clock.now() - second);
    expect(manager.current?.username).toBe(other);
    expect(connection.auths).toHaveLength(2);
    expect(connection.auths[1]?.at).toBeGreaterThanOrEqual(expiresAt - 3 * minute);
    expect(connection.passwords.at(-1)).toBe(manager.current?.password);
  });

  test.each([
    ['another token each time', false],
    ['the one that was refused', true],
  ])(
    'refused at the margin, too, it has no further try before the end: the provider gives %s',
    async (_gives, same) => {
      const world = bench();
      const { clock, provider, manager, of } = world;
      const { connection } = await logIn(world);
      const first = await manager.credentials();
      const only = provider.issue({ objectId: other, expiresAt: first.expiresAt + hour });
      provider.objectId = other;
      if (same) provider.script.push(...Array.from({ length: 100 }, () => only));
      connection.script.push(wrongPass(), wrongPass(), wrongPass());
      await clock.advance(first.expiresAt - clock.now() - second);
      expect(manager.current).toEqual(first);
      expect(connection.auths).toHaveLength(2);
      expect(of('refused').map(({ username }) => username)).toEqual([other, other]);
    },
  );

  test('a connection that became the other one before that was refused elsewhere becomes who it was again', async () => {
    const world = bench();
    const { clock, provider, manager } = world;
    const one = await logIn(world);
    const two = await logIn(world);
    const first = await manager.credentials();
    provider.objectId = other;
    two.connection.script.push(wrongPass());
    await clock.advance(45 * minute);
    expect(one.connection.passwords.at(-1)).toBe(first.password);
    expect(two.connection.passwords).not.toContain(first.password);
  });

  test('a connection whose AUTH as the other one is refused after another was is still who it was: it sends nothing', async () => {
    const world = bench();
    const { clock, provider, manager } = world;
    const connections = [(await logIn(world)).connection, (await logIn(world)).connection];
    const first = await manager.credentials();
    provider.objectId = other;
    for (const { script } of connections) script.push('wait');
    await clock.advance(25 * minute);
    for (const { pending } of connections) {
      pending[0]?.fail(wrongPass());
      await clock.advance(second);
    }
    expect(manager.current).toEqual(first);
    await clock.advance(15 * minute);
    for (const { auths } of connections) expect(auths).toHaveLength(1);
  });

  test('a connection whose AUTH as the other one got lost meanwhile may be anybody: it becomes who it was again', async () => {
    const world = bench();
    const { clock, provider, manager } = world;
    const [one, two] = [(await logIn(world)).connection, (await logIn(world)).connection];
    const first = await manager.credentials();
    provider.objectId = other;
    for (const { script } of [one, two]) script.push('wait');
    await clock.advance(25 * minute);
    one.pending[0]?.fail(wrongPass());
    await clock.advance(second);
    two.pending[0]?.fail(timedOut());
    await clock.advance(second);
    expect(two.passwords.at(-1)).toBe(first.password);
  });

  test('a late refusal of the first identity discards nothing of the second', async () => {
    const { clock, provider, manager } = bench();
    const first = await manager.credentials();
    provider.objectId = other;
    await clock.advance(42 * minute);
    const { current } = manager;
    expect(current?.username).toBe(other);
    manager.reject(first, wrongPass());
    expect(manager.current).toBe(current);
    // And the refused token is nothing to go back to.
    manager.reject(current as typeof first, wrongPass());
    expect(manager.current?.password).not.toBe(first.password);
  });
});

describe('token/refused-why', () => {
  const now = Date.UTC(2026, 0, 1);
  const aud = 'https://redis.azure.com';
  const adviceFor = (claims: object, context: object = {}, expiresAt = now + hour): string =>
    authRefused(createCredentials('me', makeJwt({ oid: 'me', ...claims }), expiresAt), wrongPass(), { now, ...context })
      .message;
  const policy = /assigns an access policy to exactly this object id/;

  test('no policy', () => {
    expect(adviceFor({ aud, exp: now / 1000 + 60 })).toMatch(policy);
    expect(adviceFor({ aud, tid: 'T' })).toMatch(/access policy .* \(the token comes from tenant T\)\.$/);
    expect(adviceFor({ aud: 'acca5fbb-b7e4-4009-81f1-37e38fd66d78' })).toMatch(policy);
    expect(adviceFor({ aud: `${aud}/` })).toMatch(policy);
    expect(authRefused('me', wrongPass()).message).toMatch(policy);
  });

  test('how to let the doctor look, where the server is known: by its name, as a certificate has it', () => {
    const advice = (address?: string): string => authRefused('me', wrongPass(), { address }).message;
    expect(advice('cache.example:10000')).toMatch(/ Run: npx entra-redis doctor cache\.example:10000$/);
    for (const unnamed of ['', '10.0.0.1:6380', '::1:6380', '/run/redis.sock', 'undefined:undefined'])
      expect(advice(unnamed)).toMatch(/ Run: npx entra-redis doctor HOST:PORT$/);
    expect(advice()).not.toContain('doctor');
  });

  test('expired', () => {
    const expired = 'The token expired at 2025-12-31T23:59:00.000Z, and it is 2026-01-01T00:00:00.000Z here';
    expect(adviceFor({ aud, exp: now / 1000 - 60 })).toContain(expired);
    expect(adviceFor({ aud }, {}, now - minute)).toContain(expired);
  });

  test('another audience', () => {
    expect(adviceFor({ aud: 'https://vault.azure.net' })).toContain('is for https://vault.azure.net');
    const other = adviceFor({ aud: 'https://vault.azure.net' }, { scope: 'https://mine/.default' });
    expect(other).toContain('is for https://vault.azure.net, but');
  });

  test('an audience that the scope option asks for: it may be wrong, or that of another cloud', () => {
    const advice = adviceFor({ aud: 'https://mine/' }, { scope: 'https://mine/.default' });
    expect(advice).toContain(
      'is for https://mine/, as the "scope" option asks; the public cloud needs https://redis.azure.com.',
    );
    expect(advice).toMatch(policy);
  });

  test('another tenant', () => {
    expect(adviceFor({ aud, tid: 'B' }, { formerTenant: 'A' })).toContain(
      'comes from tenant B, and the one before from A',
    );
    expect(adviceFor({ aud, tid: 'A' }, { formerTenant: 'A' })).toMatch(policy);
  });

  test('the manager tells it, by its own clock, and without the token', async () => {
    const { clock, provider, manager, of } = bench();
    const value = makeJwt({ oid: 'me', aud: 'https://vault.azure.net' });
    provider.script.push(provider.issue({ value }));
    const refused = await manager.credentials();
    await clock.advance(second);
    manager.reject(refused, new Error(`WRONGPASS ${value.slice(0, 40)}`));
    expect(of('refused')[0]?.error.message).toContain('is for https://vault.azure.net');
    expect(of('refused')[0]?.error.cause).toMatchObject({ message: 'WRONGPASS <token>' });
  });

  test('of a token that came from another tenant than the one before', async () => {
    const { clock, provider, manager, of } = bench();
    const token = (tid: string) => provider.issue({ value: makeJwt({ oid: 'me', tid, aud }) });
    provider.script.push(token('A'), () => token('B'));
    await manager.credentials();
    await clock.advance(42 * minute);
    manager.reject(await manager.credentials(), wrongPass());
    expect(of('refused')[0]?.error.message).toContain('comes from tenant B, and the one before from A');
  });
});

describe('token/bounded-retry-after', () => {
  const headers = (value: string) => ({ headers: { 'retry-after': value } });
  const asked: [string, object][] = [
    ['a day', headers('86400')],
    ['the year 9999', headers('Fri, 31 Dec 9999 23:59:59 GMT')],
    ['Infinity', { retryAfterInMs: Infinity }],
    ['a number beyond all', headers('9'.repeat(400))],
  ];
  test.each(asked)(
    'Retry-After of %s: tries go on, at most 11 min apart, and callers learn why there is no token',
    async (_, more) => {
      const { clock, provider, manager, gaps } = bench();
      provider.script.push(...Array.from({ length: 100 }, () => Object.assign(new Error('429'), more)));
      await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
      await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
      await clock.advance(5 * hour);
      expect(Math.max(...gaps())).toBeLessThanOrEqual(11 * minute);
      provider.script.length = 0;
      await clock.advance(11 * minute);
      expect(manager.current).toBeDefined();
    },
  );

  test.each(asked)(
    'Retry-After of %s with a token in hand: it is asked before and at the end of that token, which is told',
    async (_, more) => {
      const { clock, provider, manager, of } = bench({ lifetimeMs: 10 * minute });
      const { expiresAt } = await manager.credentials();
      provider.script.push(...Array.from({ length: 100 }, () => Object.assign(new Error('429'), more)));
      await clock.advance(11 * minute);
      const left = provider.requests.slice(1).map(({ at }) => expiresAt - at);
      expect(left.slice(1)).toEqual([minute, 0]);
      expect(of('failed')).toHaveLength(1);
      expect(of('failed')[0]?.permanent).toBe(false);
    },
  );

  test('a modest Retry-After is kept to', async () => {
    const { clock, provider, manager, gaps } = bench();
    provider.script.push(Object.assign(new Error('429'), headers('300')));
    await manager.credentials().catch(() => undefined);
    await clock.advance(6 * minute);
    expect(gaps()[0]).toBeGreaterThanOrEqual(300 * second);
  });
});
