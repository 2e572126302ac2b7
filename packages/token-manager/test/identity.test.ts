import { expect, test } from 'vitest';
import { createTokenManager, type TokenCredential } from '../src/index.ts';
import { makeJwt, TestClock } from '../src/testing.ts';
import { bench, hour, minute } from './support.ts';

test('token/new-identity: a new token with another oid logs in under the new oid', async () => {
  const { clock, provider, manager } = bench();
  await manager.credentials();
  provider.objectId = '99999999-2222-3333-4444-555555555555';
  await clock.advance(43 * minute);
  expect((await manager.credentials()).username).toBe(provider.objectId);
});

for (const value of ['opaque', makeJwt({ sub: 'x' }), makeJwt({ oid: '' }), makeJwt({ oid: 7 }), 'a.%%%.c', 'a..c']) {
  test(`token/no-oid (N23): ${value.slice(0, 12)} without an oid is a typed error, never a login as default`, async () => {
    const { clock, provider, manager } = bench();
    provider.script.push(provider.issue({ value }));
    await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_NO_OBJECT_ID' });
    await clock.advance(0);
    expect(manager.current).toBeUndefined();
  });
}

test('token/no-oid: a username option is used verbatim; a function gets the token', async () => {
  const opaque = bench({}, { username: ' Me ' });
  opaque.provider.script.push(opaque.provider.issue({ value: 'opaque' }));
  expect((await opaque.manager.credentials()).username).toBe(' Me ');
  const computed = bench({}, { username: (token) => `user-of-${token.value}` });
  computed.provider.script.push(computed.provider.issue({ value: 'opaque' }));
  expect((await computed.manager.credentials()).username).toBe('user-of-opaque');
  const empty = bench({}, { username: () => '' });
  await expect(empty.manager.credentials()).rejects.toMatchObject({ code: 'ERR_NO_OBJECT_ID' });
});

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

test('a credential that returns null is a typed error', async () => {
  using manager = createTokenManager({ getToken: async () => null }, { clock: new TestClock() });
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' });
});

test('a source that is neither a credential nor a provider is named at construction', () => {
  expect(() => createTokenManager({} as never)).toThrow(/"source"/);
});
