import { expect, onTestFinished, test } from 'vitest';
import { createTokenManager, fromTokenCredential, type TokenEvent, type TokenManagerOptions } from '../../src/index.ts';
import { makeJwt, TestClock } from '../../src/testing.ts';
import { CachingProvider } from '../support/caching-provider.ts';
import { hour, minute, second } from '../support/bench.ts';

function cached(options: TokenManagerOptions = {}) {
  const clock = new TestClock();
  const provider = new CachingProvider(clock);
  const manager = createTokenManager(provider, { clock, ...options });
  onTestFinished(() => manager.close());
  const events: TokenEvent[] = [];
  manager.subscribe((event) => events.push(event));
  return { clock, provider, manager, events, startAt: clock.now() };
}

test('token/early-past-cache: the planned renewal brings the same token, and one forced request follows', async () => {
  const { clock, provider, manager, events, startAt } = cached({ refresh: { jitterRatio: 0 } });
  await manager.credentials();
  await clock.advance(43 * minute);
  expect(provider.asked.map(({ at, force }) => [at - startAt, force])).toEqual([
    [0, false],
    [42 * minute, false],
    [42 * minute + second, true],
  ]);
  expect(events.map(({ type }) => type)).toEqual(['token', 'token']);
});

test('token/early-past-cache: each life costs one request to the identity provider, as waiting for the cache does', async () => {
  const tokens = async (pastCache: boolean): Promise<number> => {
    const { clock, provider, manager, events } = cached({ refresh: { pastCache } });
    await manager.credentials();
    await clock.advance(24 * hour);
    return provider.requests.length / events.filter(({ type }) => type === 'token').length;
  };
  expect(await tokens(true)).toBe(1);
  expect(await tokens(false)).toBe(1);
});

test('token/early-past-cache: an outage that begins at any moment is bridged for a quarter of the life', async () => {
  for (let begins = 1; begins < 120; begins += 1) {
    const { clock, provider, manager, events } = cached();
    await manager.credentials();
    await clock.advance(begins * minute);
    provider.down = true;
    for (let passed = 0; passed < 15; passed += 1) {
      await clock.advance(minute);
      expect(manager.current, `${passed} min into an outage from minute ${begins} on`).toBeDefined();
    }
    provider.down = false;
    await clock.advance(minute);
    expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
    // Tries are paced.
    const gaps = provider.asked.slice(1).map(({ at }, i) => at - (provider.asked[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(second);
    expect(provider.asked.length).toBeLessThan(70);
  }
});

test('token/early-past-cache: without pastCache the token is asked for when the cache lets go of it', async () => {
  const { clock, provider, manager } = cached({ refresh: { pastCache: false } });
  await manager.credentials();
  await clock.advance(54 * minute);
  expect(provider.asked.some(({ force }) => force)).toBe(false);
  expect(provider.requests).toHaveLength(1);
  await clock.advance(2 * minute);
  expect(provider.requests).toHaveLength(2);
});

test('token/early-past-cache: a provider that cannot pass its cache is asked to once, and then as it can', async () => {
  const { clock, provider, manager } = cached();
  provider.canPass = false;
  await manager.credentials();
  await clock.advance(10 * hour);
  expect(provider.asked.filter(({ force }) => force)).toHaveLength(1);
  expect(provider.requests.length).toBeLessThanOrEqual(11);
  expect(manager.current).toBeDefined();
});

test('token/early-past-cache: where the provider itself says when it renews, that is waited for', async () => {
  const clock = new TestClock();
  const entra = new CachingProvider(clock).entra;
  const forced: boolean[] = [];
  let token = entra.issue({ refreshAfter: clock.now() + 30 * minute });
  let asked = 0;
  const manager = createTokenManager(
    {
      requestToken: async ({ force }) => {
        forced.push(force);
        // Past refreshAfter the first answer is the old token, as of MSAL.
        if (token.refreshAfter !== undefined && clock.now() >= token.refreshAfter && (asked += 1) > 1)
          token = entra.issue();
        return token;
      },
    },
    { clock, refresh: { jitterRatio: 0 } },
  );
  onTestFinished(() => manager.close());
  const first = await manager.credentials();
  await clock.advance(38 * minute);
  expect(manager.current?.password).not.toBe(first.password);
  expect(forced).not.toContain(true);
});

test('token/clock-back-cached: the clock goes back 30 min and the cache goes by it: what is over is asked for past it', async () => {
  const { clock, provider, manager, events } = cached({ refresh: { pastCache: false } });
  const { expiresAt } = await manager.credentials();
  clock.jumpWall(-30 * minute);
  let without = 0;
  while (clock.now() < expiresAt + 10 * minute) {
    await clock.advance(second);
    if (manager.current === undefined) without += second;
  }
  expect(without).toBeLessThanOrEqual(30 * second);
  expect(provider.asked.some(({ force }) => force)).toBe(true);
  expect(events.filter(({ type }) => type === 'token')).not.toHaveLength(1);
});

test('token/clock-back-cached: where the cache cannot be passed by, it is told that there is no token, and nobody hangs', async () => {
  const { clock, provider, manager, events } = cached();
  provider.canPass = false;
  await manager.credentials();
  clock.jumpWall(-30 * minute);
  await clock.advance(61 * minute);
  expect(manager.current).toBeUndefined();
  expect(events.at(-1)).toMatchObject({
    type: 'failed',
    error: { code: 'ERR_TOKEN_INVALID', message: expect.stringContaining('the clock of this machine') },
  });
  await expect(Promise.race([manager.credentials(), clock.advance(2 * minute)])).rejects.toMatchObject({
    code: 'ERR_TOKEN_INVALID',
  });
  await clock.advance(30 * minute);
  expect(manager.current).toBeDefined();
});

const signal = new AbortController().signal;
const answer = (oid: string, more: object = {}) => ({
  token: makeJwt({ oid, ...more }),
  expiresOnTimestamp: Date.UTC(2100, 0, 1),
});

test('a credential that is down and has a cache does not answer a forced request from it', async () => {
  let down = false;
  const provider = fromTokenCredential({
    async getToken(_, options) {
      if (down && options?.claims !== undefined) throw new Error('ECONNREFUSED');
      return answer('me');
    },
  });
  await provider.requestToken({ signal, force: false });
  down = true;
  await expect(provider.requestToken({ signal, force: true })).rejects.toThrow('ECONNREFUSED');
  down = false;
  await expect(provider.requestToken({ signal, force: true })).resolves.toBeDefined();
});

test('a credential that refuses claims is asked with them once', async () => {
  const asked: (string | undefined)[] = [];
  const provider = fromTokenCredential({
    async getToken(_, options) {
      asked.push(options?.claims);
      if (options?.claims !== undefined) throw new Error("This credential doesn't support claims challenges.");
      return answer('me');
    },
  });
  for (const force of [false, true, true, true]) await provider.requestToken({ signal, force });
  expect(asked.map((claims) => claims !== undefined)).toEqual([false, true, false, false, false]);
});

test('token/identity-changed: a chain in which only somebody else takes claims does not become somebody else', async () => {
  const provider = fromTokenCredential({
    getToken: async (_, options) => (options?.claims === undefined ? answer('me') : answer('somebody else')),
  });
  for (const force of [false, true, true])
    expect((await provider.requestToken({ signal, force })).value).toBe(answer('me').token);
});

test('tenantId and whatever else getToken takes is passed on, also past the cache', async () => {
  const seen: unknown[] = [];
  const provider = fromTokenCredential(
    { getToken: async (_, options) => (seen.push(options), answer('me')) },
    { tenantId: 'another', enableCae: true, requestOptions: { timeout: 7 } },
  );
  await provider.requestToken({ signal, force: false });
  await provider.requestToken({ signal, force: true });
  const passed = { abortSignal: signal, tenantId: 'another', enableCae: true, requestOptions: { timeout: 7 } };
  expect(seen).toEqual([passed, { ...passed, claims: '{"access_token":{}}' }]);
});
