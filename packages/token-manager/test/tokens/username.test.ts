import { expect, test } from 'vitest';
import { makeJwt } from '../../src/testing.ts';
import { bench, minute } from '../support/bench.ts';

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
