import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { authRefused, EntraRedisError, isRefusal, withoutSecret } from '../../src/index.ts';
import { authUnanswered, managerClosed } from '../../src/errors/errors.ts';
import { requestFailure, requestTimeout, staleToken } from '../../src/errors/provider-errors.ts';
import { makeJwt } from '../../src/testing.ts';

/** An error tells its reader what to check. */

test('what the errors say', () => {
  expect(managerClosed()).toMatchObject({
    name: 'EntraRedisError',
    code: 'ERR_MANAGER_CLOSED',
    message: 'The token manager is closed: create a new one to log in again.',
  });
  expect(requestTimeout(30_000)).toMatchObject({
    code: 'ERR_TOKEN_REQUEST_TIMEOUT',
    message:
      'The identity provider did not answer within 30000 ms. Check that it can be reached from here (proxy, firewall, ' +
      'private network), or raise requestTimeoutMs.',
  });
  expect(staleToken(Date.UTC(2026, 0, 1))).toMatchObject({
    code: 'ERR_TOKEN_INVALID',
    message:
      'The identity provider still returns the token that expired at 2026-01-01T00:00:00.000Z. Check the clock of this ' +
      'machine, which a cache of the provider may use.',
  });
  expect(authUnanswered()).toMatchObject({
    code: 'ERR_AUTH_FAILED',
    message:
      'AUTH got no answer within 30 s, although no blocking command is before it, so the connection is replaced. Check ' +
      'that the server, and every proxy on the way, answers other commands.',
  });
  const cause = new Error('WRONGPASS');
  expect(authRefused('oid-1', cause)).toMatchObject({
    code: 'ERR_AUTH_REFUSED',
    message:
      'The cache refused the token of object id oid-1. Check that its data access configuration assigns an access ' +
      'policy to exactly this object id (of the service principal or managed identity, not the application id), and that ' +
      'the token is meant for Redis, in this cloud.',
    cause,
  });
});

test('a failed request says what the provider said, and what to check', () => {
  const error = new Error('getaddrinfo ENOTFOUND');
  expect(requestFailure(error, false)).toMatchObject({
    code: 'ERR_TOKEN_REQUEST_FAILED',
    message:
      'No token from the identity provider: getaddrinfo ENOTFOUND. Check that the identity provider can be reached from ' +
      'here and that the credential is configured for this environment.',
    cause: error,
  });
  expect(requestFailure(new Error('AADSTS7000215: wrong'), true).message).toBe(
    'No token from the identity provider: AADSTS7000215: wrong. It will answer the same until its configuration changes: ' +
      'check client id, tenant, secret or certificate, and scope; of a managed identity, that it exists and is assigned.',
  );
});

test.each([
  ['one line', 'one line.'],
  [': AADSTS90033: a colon first', 'AADSTS90033: a colon first.'],
  ['with a full stop.', 'with a full stop.'],
  ['with more . . ', 'with more.'],
  ['the first line\nTrace ID: 1\nTimestamp: 2', 'the first line.'],
  ['a. b. c', 'a. b. c.'],
])('of what the provider says, %j is quoted as %j', (message, quoted) => {
  expect(requestFailure(new Error(message), false).message).toContain(`identity provider: ${quoted} Check`);
});

test('an error of entra-redis keeps its code, message and cause, also one of another copy of the package', () => {
  const cause = new Error('why');
  const other = Object.assign(new Error('The token names no object id.', { cause }), {
    name: 'EntraRedisError',
    code: 'ERR_NO_OBJECT_ID',
  });
  for (const error of [new EntraRedisError('ERR_NO_OBJECT_ID', other.message, { cause }), other]) {
    const failure = requestFailure(error, false);
    expect(failure).toBeInstanceOf(EntraRedisError);
    expect(failure).toMatchObject({ code: 'ERR_NO_OBJECT_ID', message: 'The token names no object id.', cause });
    expect(failure).not.toBe(error);
  }
});

test('token/no-leak: a cause that holds a token anywhere is replaced by what may be shown of it; any other is kept', () => {
  const token = makeJwt({ oid: 'me' });
  const harmless = Object.assign(new TypeError('bad answer'), { statusCode: 500 });
  expect(requestFailure(harmless, false).cause).toBe(harmless);
  const hidden = Object.defineProperty(new TypeError('bad answer'), 'body', { value: token, enumerable: false });
  const deep = { a: { b: { c: { d: [...Array.from({ length: 200 }, () => 'x'), token] } } } };
  const long = Object.assign(new TypeError('bad answer'), { body: `${'x'.repeat(20_000)} ${token}` });
  const nested = Object.assign(new TypeError('bad answer'), { deep });
  const own = Object.assign(new TypeError('bad answer'), { body: token, [inspect.custom]: () => 'bad answer' });
  for (const error of [hidden, nested, long, own]) {
    const { cause } = requestFailure(error, false);
    expect(cause).toMatchObject({ name: 'TypeError', message: 'bad answer' });
    expect(Object.keys(cause as object)).toEqual(['name']);
  }
  expect(requestFailure(new Error(`said ${token} here`), false)).toMatchObject({
    message: expect.stringContaining('identity provider: said <token> here.'),
    cause: { message: 'said <token> here' },
  });
  expect(requestFailure({ body: token }, false).cause).toMatchObject({ name: 'Error', message: 'it gave no reason' });
  expect(requestFailure({ name: 7, body: token }, false).cause).toMatchObject({ name: 'Error' });
  expect(requestFailure({ name: `of ${token}`, body: token }, false).cause).toMatchObject({ name: 'of <token>' });
});

test.each([
  ['WRONGPASS invalid username-password pair or user is disabled.', true],
  ['NOAUTH Authentication required.', true],
  ["NOPERM this user has no permissions to run the 'ping' command", true],
  ['LOADING Redis is loading the dataset in memory', false],
  ['ERR unknown command, with args beginning with: WRONGPASS', false],
  ['WRONGPASSWORD', false],
  ['Command timed out', false],
])('the answer %j: a refusal is %s', (message, expected) => {
  expect(isRefusal(new Error(message))).toBe(expected);
});

test('what is no error refuses nothing', () => {
  for (const odd of [undefined, null, 7, {}, { message: 7 }]) expect(isRefusal(odd)).toBe(false);
  expect(isRefusal('WRONGPASS')).toBe(true);
});

test('of an error of a client its name, code and message are kept, and nothing else', () => {
  const error = Object.assign(new TypeError('AUTH me tok'), { code: 'E', command: { args: ['tok'] } });
  const clean = withoutSecret(error, 'tok');
  expect(clean).toMatchObject({ name: 'TypeError', code: 'E', message: 'AUTH me <token>' });
  expect(clean).not.toHaveProperty('command');
  expect(withoutSecret(Object.assign(new Error('x'), { code: 7 }), 'tok')).toHaveProperty('code', 7);
  for (const code of [{ tok: 1 }, ['tok'], undefined])
    expect(withoutSecret(Object.assign(new Error('x'), { code }), 'tok')).not.toHaveProperty('code');
  expect(withoutSecret({ message: 'tok lost tok', name: ['tok'] }, 'tok')).toMatchObject({
    name: 'Error',
    message: '<token> lost <token>',
  });
  expect(withoutSecret('tok lost', 'tok').message).toBe('<token> lost');
  expect(withoutSecret(undefined, 'tok').message).toBe('it gave no reason');
  expect(withoutSecret(new Error('as it is'), '').message).toBe('as it is');
});
