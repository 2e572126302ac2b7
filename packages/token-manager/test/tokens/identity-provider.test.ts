import { expect, test } from 'vitest';
import { createTokenManager, fromTokenCredential, type TokenCredential } from '../../src/index.ts';
import { makeJwt, TestClock } from '../../src/testing.ts';
import { hour, minute } from '../support/bench.ts';

function credentialOn(clock: TestClock, fail?: (claims: string | undefined) => void) {
  const asked: { scopes: string | string[]; claims: string | undefined }[] = [];
  const credential: TokenCredential = {
    async getToken(scopes, options) {
      asked.push({ scopes, claims: options?.claims });
      fail?.(options?.claims);
      const issuedAt = clock.now() - 6 * minute;
      const expiresOnTimestamp = issuedAt + hour;
      const token = makeJwt({ oid: 'me', iat: issuedAt / 1000, exp: expiresOnTimestamp / 1000, jti: asked.length });
      return { token, expiresOnTimestamp };
    },
  };
  return { asked, credential };
}

const scopes = [undefined, 'acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default', 'https://redis.azure.cn/.default'];
for (const scope of scopes) {
  test(`token/scope (N22): ${scope ?? 'no scope'} asks for ${scope ?? 'https://redis.azure.com/.default'}`, async () => {
    const clock = new TestClock();
    const { asked, credential } = credentialOn(clock);
    using manager = createTokenManager(credential, scope === undefined ? { clock } : { clock, scope });
    expect((await manager.credentials()).username).toBe('me');
    expect(asked[0]?.scopes).toBe(scope ?? 'https://redis.azure.com/.default');
  });
}

test('the life of a token from a cache counts from when it was issued', async () => {
  const clock = new TestClock();
  const { asked, credential } = credentialOn(clock);
  using manager = createTokenManager(credential, { clock, refresh: { jitterRatio: 0 } });
  await manager.credentials();
  await clock.advance(36 * minute - 1);
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  expect(asked).toHaveLength(2);
});

test('after a refusal a credential is asked past its cache, and without claims where it cannot take them', async () => {
  const clock = new TestClock();
  const { asked, credential } = credentialOn(clock, (claims) => {
    if (claims !== undefined) throw new Error('no claims');
  });
  using manager = createTokenManager(credential, { clock });
  const refused = await manager.credentials();
  await clock.advance(minute);
  manager.reject(refused, new Error('WRONGPASS'));
  expect((await manager.credentials()).password).not.toBe(refused.password);
  expect(asked.map((each) => each.claims)).toEqual([undefined, '{"access_token":{}}', undefined]);
});

test.each([
  ['nothing', undefined, 'undefined'],
  ['a class', TestClock, 'a class (is "new" missing?)'],
])('fromTokenCredential names %s in place of a credential at once', (_, credential, shown) => {
  expect(() => fromTokenCredential(credential as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_OPTION',
      message: `Option "credential" must be a TokenCredential (getToken), but is ${shown}.`,
    }),
  );
});

test('a credential that returns null is a typed error', async () => {
  using manager = createTokenManager({ getToken: async () => null }, { clock: new TestClock() });
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' });
});

const signal = new AbortController().signal;
const noClaims = { token: 'opaque', expiresOnTimestamp: Date.UTC(2100, 0, 1) };

test('the signal of a request reaches the credential, also where it is forced', async () => {
  const seen: unknown[] = [];
  const credential: TokenCredential = {
    async getToken(_, options) {
      seen.push(options);
      if (options?.claims !== undefined) throw new Error('no claims');
      return noClaims;
    },
  };
  const provider = fromTokenCredential(credential);
  await provider.requestToken({ signal, force: false });
  await provider.requestToken({ signal, force: true });
  expect(seen).toEqual([
    { abortSignal: signal },
    { abortSignal: signal, claims: '{"access_token":{}}' },
    { abortSignal: signal },
  ]);
});

test.each([null, undefined, {}, { token: 7 }])('a credential that returns %j says what to check', async (answer) => {
  const provider = fromTokenCredential({ getToken: async () => answer as never });
  await expect(provider.requestToken({ signal, force: false })).rejects.toMatchObject({
    code: 'ERR_TOKEN_INVALID',
    message: 'The credential returned no token: check that it is configured for this environment.',
  });
});

const clockAt = (now: number) => ({ now: () => now });
const ask = async (token: string, more: object = {}) =>
  await fromTokenCredential(
    { getToken: async () => ({ token, expiresOnTimestamp: 5_000_000, ...more }) },
    { clock: clockAt(3_000_000) },
  ).requestToken({ signal, force: false });

test('the life of a token begins when it was issued, where it says so, and never after it came', async () => {
  const jwt = (iat?: unknown, exp?: unknown): string => makeJwt({ oid: 'me', iat, exp });
  expect((await ask(jwt(1000, 5000))).obtainedAt).toBe(1_000_000);
  expect((await ask(jwt(4000, 5000))).obtainedAt).toBe(3_000_000);
  for (const token of ['opaque', jwt(1000), jwt(undefined, 5000), jwt(5000, 5000), jwt(5000, 1000)])
    expect((await ask(token)).obtainedAt).toBe(3_000_000);
});

test('refreshAfterTimestamp is kept where there is one', async () => {
  expect(await ask('opaque', { refreshAfterTimestamp: 4_000_000 })).toEqual({
    value: 'opaque',
    expiresAt: 5_000_000,
    obtainedAt: 3_000_000,
    refreshAfter: 4_000_000,
  });
  expect(await ask('opaque')).not.toHaveProperty('refreshAfter');
});

test('token/refresh-in-zone: the manager renews at refreshAfterTimestamp of @azure/core-auth', async () => {
  const clock = new TestClock();
  let asked = 0;
  const credential: TokenCredential = {
    async getToken() {
      asked += 1;
      const token = makeJwt({ oid: 'me', jti: asked });
      return { token, expiresOnTimestamp: clock.now() + hour, refreshAfterTimestamp: clock.now() + 20 * minute };
    },
  };
  using manager = createTokenManager(credential, { clock, refresh: { jitterRatio: 0 } });
  await manager.credentials();
  await clock.advance(20 * minute - 1);
  expect(asked).toBe(1);
  await clock.advance(1);
  expect(asked).toBe(2);
});

const tokenOf = (oid: string, jti: number): string => makeJwt({ oid, jti });

/** A credential that answers by a script, and with which claims it was asked. `request` asks its provider. */
function scripted(...answers: (string | null | Error)[]) {
  const claims: boolean[] = [];
  const provider = fromTokenCredential({
    async getToken(_scopes, options) {
      claims.push(options?.claims !== undefined);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return typeof answer === 'string' ? { token: answer, expiresOnTimestamp: Date.now() + hour } : null;
    },
  });
  const request = async (force: boolean): Promise<string> => (await provider.requestToken({ signal, force })).value;
  return { request, claims };
}

test('past the cache, the first answer and one of the same identity are taken', async () => {
  const { request, claims } = scripted(tokenOf('me', 1), tokenOf('me', 2));
  expect(await request(true)).toBe(tokenOf('me', 1));
  expect(await request(true)).toBe(tokenOf('me', 2));
  expect(claims).toEqual([true, true]);
});

test('where another identity of a chain answers past the cache, it is asked without claims, then and later', async () => {
  const { request, claims } = scripted(tokenOf('me', 1), tokenOf('you', 1), tokenOf('me', 2), tokenOf('me', 3));
  await request(false);
  expect(await request(true)).toBe(tokenOf('me', 2));
  expect(await request(true)).toBe(tokenOf('me', 3));
  expect(claims).toEqual([false, true, false, false]);
});

test('no token past the cache is an error, and not asked for again', async () => {
  const { request, claims } = scripted(tokenOf('me', 1), null);
  await request(false);
  await expect(request(true)).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' });
  expect(claims).toEqual([false, true]);
});

test('an outage past the cache is told where the cache has only the token in hand, and claims are tried again', async () => {
  const { request, claims } = scripted(tokenOf('me', 1), new Error('down'), tokenOf('me', 1), tokenOf('me', 2));
  await request(false);
  await expect(request(true)).rejects.toThrow('down');
  expect(await request(true)).toBe(tokenOf('me', 2));
  expect(claims).toEqual([false, true, false, true]);
});

test('an outage past the cache is bridged by another token of the cache', async () => {
  const { request } = scripted(tokenOf('me', 1), new Error('down'), tokenOf('me', 2));
  await request(false);
  expect(await request(true)).toBe(tokenOf('me', 2));
});
