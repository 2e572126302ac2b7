import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenAnswer } from '../src/types.ts';
import { type Azure, identity, startAzure, tokenOf, words } from './support/doctor.ts';

let azure: Azure;
beforeAll(async () => {
  azure = await startAzure();
});
afterAll(() => azure[Symbol.asyncDispose]());

const now = Date.UTC(2026, 10, 24, 12);
const hourMs = 3_600_000;

/** Unsigned: the doctor does not verify tokens, the cache does. */
function answer(claims: object, expiresAt: number = now + hourMs): TokenAnswer {
  const parts = ['{"alg":"RS256","typ":"JWT"}', JSON.stringify(claims), 'signature'];
  const value = parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
  return { token: { value, expiresAt, obtainedAt: now }, source: 'TestCredential' };
}

const usual = {
  aud: 'https://redis.azure.com',
  oid: identity.objectId,
  tid: identity.tenantId,
  iat: now / 1000 - 300,
  nbf: now / 1000 - 300,
  exp: (now + hourMs) / 1000,
};

const examine = (token: TokenAnswer, options: object = {}) =>
  azure.diagnose({ requestToken: () => Promise.resolve(token), now: () => now, ...options });

describe('whose token it is', () => {
  test.each([
    ['a user', { upn: 'ada@example.com', scp: 'user_impersonation' }, 'For the user ada@example.com, object id'],
    ['a managed identity', { xms_mirid: '/subscriptions/1/…' }, 'For a managed identity, object id'],
    ['a service principal', { idtyp: 'app', appid: identity.clientId }, 'For a service principal, object id'],
    ['one or the other', { sub: identity.objectId }, 'For a service principal or managed identity, object id'],
    ['nobody knows', {}, 'For an identity of unknown kind, object id'],
  ])('%s', async (_name, claims, expected) => {
    expect(words(await examine(answer({ ...usual, ...claims })), 'token')).toContain(expected);
  });
});

test('a token of the emulator', async () => {
  expect(words(await azure.diagnose(), 'token')).toMatchInlineSnapshot(`
    "✓ Token           For a service principal or managed identity, object id 00000000-0000-4000-8000-00000000000c.
                      Audience https://redis.azure.com, tenant 00000000-0000-4000-8000-00000000000a, application
                      00000000-0000-4000-8000-00000000000b.
                      Valid until <time> (<duration>)."
  `);
});

describe('tokens that will not do', () => {
  test('for another audience', async () => {
    const report = await azure.diagnose({ requestToken: () => tokenOf(azure.entra, 'https://storage.azure.com') });
    expect(report.exitCode).toBe(14);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Token           The token is for https://storage.azure.com, not for Redis.
                        Audience https://storage.azure.com, tenant 00000000-0000-4000-8000-00000000000a, application
                        00000000-0000-4000-8000-00000000000b.
                        Valid until <time> (<duration>).
                        → The scope must be https://redis.azure.com/.default: leave out --scope."
    `);
  });

  test('for another audience, as asked for by --scope', async () => {
    const report = await azure.diagnose({
      scope: 'https://storage.azure.com/.default',
      requestToken: () => tokenOf(azure.entra, 'https://storage.azure.com'),
    });
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Token           The token is for https://storage.azure.com, not for Redis.
                        Audience https://storage.azure.com, tenant 00000000-0000-4000-8000-00000000000a, application
                        00000000-0000-4000-8000-00000000000b.
                        Valid until <time> (<duration>).
                        → That follows from --scope https://storage.azure.com/.default. The scope must be
                          https://redis.azure.com/.default: leave out --scope."
    `);
  });

  test('not a JWT', async () => {
    const token = { value: 'opaque', expiresAt: now + hourMs, obtainedAt: now };
    const report = await examine({ token, source: 'TestCredential' });
    expect(report.exitCode).toBe(14);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Token           The answer is not a JWT, so it names no object id to log in with.
                        → The scope must be https://redis.azure.com/.default: leave out --scope."
    `);
  });

  test('without an object id', async () => {
    const { oid: _oid, ...rest } = usual;
    expect(words(await examine(answer(rest)))).toMatchInlineSnapshot(`
      "✗ Token           The token names no object id (claim oid), which is the user name for AUTH.
                        1. The scope must be https://redis.azure.com/.default: leave out --scope.
                        2. If the cache knows the identity by another name:
                           npx entra-redis doctor my-cache.westeurope.redis.azure.net:10000 --username NAME"
    `);
  });

  test('without an object id, but with a user name', async () => {
    const { oid: _oid, ...rest } = usual;
    expect(words(await examine(answer(rest), { username: 'app' }), 'token')).toMatchInlineSnapshot(`
      "✓ Token           For an identity of unknown kind.
                        Audience https://redis.azure.com, tenant 00000000-0000-4000-8000-00000000000a.
                        Valid until <time> (<duration>)."
    `);
  });

  test('expired when it arrives: the clock of this machine is wrong', async () => {
    const report = await examine(answer({ ...usual, exp: now / 1000 - 600 }));
    expect(report.exitCode).toBe(14);
    expect(words(report)).toMatchInlineSnapshot(`
      "✗ Token           The token expired 10 min ago by the clock of this machine, although it was issued just now.
                        Audience https://redis.azure.com, tenant 00000000-0000-4000-8000-00000000000a.
                        Valid until <time> (<duration>).
                        1. Synchronize the clock (NTP). This machine says <time>; to see it again:
                           date -u
                        2. If the clock is right, a cache of the credential returned an old token: sign in again.
                           az login"
    `);
  });
});

describe('what is worth a warning', () => {
  test('a clock that is ahead: the library counted from a later now', async () => {
    const report = await examine(answer(usual, now + hourMs + 240_000));
    expect(words(report, 'token')).toMatchInlineSnapshot(`
      "! Token           The clock of this machine is about 4 min ahead of that of Microsoft Entra. Tokens would be
                        renewed too early or too late.
                        Audience https://redis.azure.com, tenant 00000000-0000-4000-8000-00000000000a.
                        Valid until <time> (<duration>).
                        → Synchronize the clock (NTP). This machine says <time>; to see it again:
                          date -u"
    `);
  });

  test('a clock that is behind: the token is of the future', async () => {
    const report = await examine(answer({ ...usual, iat: now / 1000 + 600, nbf: now / 1000 + 600 }));
    expect(words(report, 'token')).toMatchInlineSnapshot(`
      "! Token           The clock of this machine is about 10 min behind that of Microsoft Entra. Tokens would be
                        renewed too early or too late.
                        Audience https://redis.azure.com, tenant 00000000-0000-4000-8000-00000000000a.
                        Valid until <time> (<duration>).
                        → Synchronize the clock (NTP). This machine says <time>; to see it again:
                          date -u"
    `);
  });

  test('little life left', async () => {
    const report = await examine(answer({ ...usual, exp: now / 1000 + 60 }, now + 60_000));
    expect(words(report, 'token')).toMatchInlineSnapshot(`
      "! Token           For an identity of unknown kind, object id 00000000-0000-4000-8000-00000000000c; it expires
                        soon.
                        Audience https://redis.azure.com, tenant 00000000-0000-4000-8000-00000000000a.
                        Valid until <time> (<duration>).
                        → Tokens of Microsoft Entra are valid for an hour or more. This one is from an emulator, or
                          from a cache shortly before it expires: both are harmless."
    `);
  });
});
