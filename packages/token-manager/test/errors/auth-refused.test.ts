import { expect, test } from 'vitest';
import { authRefused } from '../../src/index.ts';
import { makeJwt } from '../../src/testing.ts';
import { createCredentials } from '../../src/tokens/credentials.ts';

const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const usual = 'https://redis.azure.com';

const adviceOn = (token: string, context: object = {}, expiresAt = now + hour): string =>
  authRefused(createCredentials('me', token, expiresAt), new Error('WRONGPASS'), { now, ...context }).message;
const adviceFor = (claims: object, context: object = {}): string =>
  adviceOn(makeJwt({ oid: 'me', ...claims }), context);

const policyAlone =
  'The cache refused the token of object id me. Check that its data access configuration assigns an access policy to exactly this ' +
  'object id (of the service principal or managed identity, not the application id), and that the token is meant for Redis, in this cloud.';

test.each([
  ['an opaque token', () => adviceOn('opaque-token', { scope: 'https://mine/.default', formerTenant: 'A' })],
  ['a JWT without audience and tenant', () => adviceFor({}, { scope: 'https://mine/.default', formerTenant: 'A' })],
])('token/refused-why: of %s nothing is said that it does not tell', (_, advice) => {
  expect(advice()).toBe(policyAlone);
});

test('token/refused-why: a token that ends at this very instant has expired', () => {
  expect(adviceOn(makeJwt({ oid: 'me', aud: usual }), {}, now)).toContain(
    'The token expired at 2026-01-01T00:00:00.000Z',
  );
});

test('token/refused-why: the identifier of the application that the scope option asks for ends with a slash, so the scope has two', () => {
  expect(adviceFor({ aud: 'https://mine/' }, { scope: 'https://mine//.default' })).toContain(
    'The token is for https://mine/, as the "scope" option asks',
  );
});

test.each([
  ['a short name', 'a.example:6380', 'a.example:6380'],
  ['a name with digits', '10-0-0-1.nodes.example:6380', '10-0-0-1.nodes.example:6380'],
  ['an IPv6 address', 'fd00:1::a:6380', 'HOST:PORT'],
  ['an IPv6 address that ends with letters', 'fd00::abcd:6380', 'HOST:PORT'],
])('the doctor is given %s only if a certificate can have it', (_, address, shown) => {
  expect(authRefused('me', new Error('WRONGPASS'), { address }).message).toMatch(
    new RegExp(` Run: npx entra-redis doctor ${shown}$`),
  );
});
