import { describe, expect, test } from 'vitest';
import { readClaims } from '../src/claims.ts';

const jwt = (claims: unknown): string =>
  ['{"alg":"none"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

describe('the kind of identity follows from the claims', () => {
  test.each([
    ['a delegated token', { oid: 'o', scp: 'user_impersonation', upn: 'ada@example.com' }, 'user'],
    ['idtyp user', { oid: 'o', idtyp: 'user' }, 'user'],
    ['idtyp app', { oid: 'o', idtyp: 'app' }, 'service principal'],
    ['a managed identity', { oid: 'o', idtyp: 'app', xms_mirid: '/subscriptions/…' }, 'managed identity'],
    ['an application by sub', { oid: 'o', sub: 'o', appid: 'a' }, 'application'],
    ['nothing to go by', { oid: 'o' }, 'unknown'],
  ])('%s', (_name, claims, identity) => {
    expect(readClaims(jwt(claims))).toMatchObject({ objectId: 'o', identity });
  });
});

test('times are epoch ms; claims of another type are as good as absent', () => {
  expect(readClaims(jwt({ aud: 'https://redis.azure.com', exp: 2, iat: 1, nbf: '1', oid: 7 }))).toEqual({
    audience: 'https://redis.azure.com',
    expiresAt: 2000,
    issuedAt: 1000,
    identity: 'unknown',
  });
});

test.each(['', 'opaque', 'a.b', 'a.b.c.d', 'a.!!!.c', `a.${Buffer.from('7').toString('base64url')}.c`])(
  'what is no JWT has no claims, and throws nothing: %j',
  (token) => {
    expect(readClaims(token)).toBeUndefined();
  },
);
