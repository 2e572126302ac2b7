import diagnostics from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import {
  adapterOptions,
  authRefused,
  channels,
  createTokenManager,
  EntraRedisError,
  type TokenEvent,
} from '../../src/index.ts';
import { makeJwt } from '../../src/testing.ts';
import { bench, minute, second } from '../support/bench.ts';

/** Everything that a logger could print of a value. */
const printed = (value: unknown): string =>
  `${inspect(value, { depth: 10, showHidden: true })}${JSON.stringify(value)}${value instanceof Error ? `${value.stack}${printed(value.cause)}` : ''}`;

test('token/no-leak (N25): no inspection, JSON, event, error or diagnostics message shows the token or its payload', async () => {
  const seen: unknown[] = [];
  const log = (message: unknown): void => void seen.push(message);
  for (const name of Object.values(channels)) {
    diagnostics.subscribe(name, log);
    onTestFinished(() => void diagnostics.unsubscribe(name, log));
  }
  const { clock, provider, manager, events } = bench();
  const passwords: string[] = [];
  const answers = [
    (password: string) =>
      Promise.reject(Object.assign(new Error(`lost AUTH ${password}`), { command: { args: [password] } })),
    (password: string) => Promise.reject(new Error(`WRONGPASS ${password}`)),
    () => Promise.resolve(),
  ];
  const registration = manager.register({
    identity: { client: 'test', address: 'localhost:1' },
    canAuthenticate: () => true,
    authenticate: ({ password }) => (answers.shift() ?? (() => Promise.resolve()))(password),
  });
  const first = await manager.credentials();
  registration.authenticated(first);
  passwords.push(first.password);
  await clock.advance(45 * minute);
  provider.script.push(provider.issue({ expiresAt: Number.NaN }), new Error('no route'));
  const last = await manager.credentials();
  passwords.push(last.password);
  manager.reject(last, Object.assign(new Error(`WRONGPASS ${last.password}`), { command: { args: [last.password] } }));
  seen.push(await manager.credentials().catch((error: unknown) => error), first, { ...first }, manager, registration);
  await clock.advance(30 * second);
  const kinds = new Set(events.map((event) => event.type));
  expect([...kinds].sort()).toEqual(['reauthenticated', 'reauthentication-failed', 'refused', 'retry', 'token']);
  const text = [...seen, ...events].map(printed).join('\n');
  for (const password of passwords) {
    for (const part of password.split('.').filter((each) => each !== 'signature')) expect(text).not.toContain(part);
  }
  expect(text).not.toMatch(/"jti"|eyJ/);
});

const jwt = makeJwt({ oid: 'someone' });

test.each([
  ['their user name', 'me'],
  ['credentials', { username: 'me', password: jwt, expiresAt: 0 }],
])('token/no-leak: of an AUTH that a client shows with its error nothing is left, refused by %s', (_, refused) => {
  const error = Object.assign(new Error(`WRONGPASS ${jwt}`), { command: { name: 'auth', args: ['me', jwt] } });
  expect(printed(authRefused(refused, error))).not.toMatch(/eyJ/);
});

test.each([
  ['as the source', () => createTokenManager(jwt as never)],
  ['as the options', () => createTokenManager({ getToken: async () => null }, jwt as never)],
  ['as an option', () => createTokenManager({ getToken: async () => null }, { requestTimeoutMs: jwt as never })],
  ['as an option of an adapter', () => adapterOptions(bench().manager, { allowPlainText: jwt as never })],
])('token/no-leak: a token that is passed in the wrong place, %s, is not shown', (_where, create) => {
  let thrown: unknown;
  try {
    create();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringMatching(/a string of \d+ characters/),
  });
  expect(printed(thrown)).not.toMatch(/eyJ/);
});

test.each([
  ['a class, because "new" was forgotten', EntraRedisError, 'a class (is "new" missing?)'],
  ['a function', () => jwt, 'a function'],
  ['a function with a class inside', () => class extends Map {}, 'a function'],
])('an error names %s, and does not print its source', (_what, source, shown) => {
  expect(() => createTokenManager(source as never)).toThrow(
    new RegExp(`but is ${shown.replace(/[()?]/g, '\\$&')}\\.$`),
  );
});

test('the channels are named after the events', () => {
  const types = [
    'token',
    'identity-changed',
    'retry',
    'failed',
    'refused',
    'reauthenticated',
    'reauthentication-failed',
  ];
  expect(channels).toEqual(Object.fromEntries(types.map((type) => [type, `entra-redis:${type}`])));
});

test('diagnostics see every event, with its duration and connection, on the channel of its type', async () => {
  const seen: TokenEvent[] = [];
  const log = (message: unknown): void => void seen.push(message as TokenEvent);
  diagnostics.subscribe('entra-redis:token', log);
  diagnostics.subscribe('entra-redis:reauthenticated', log);
  onTestFinished(() => {
    diagnostics.unsubscribe('entra-redis:token', log);
    diagnostics.unsubscribe('entra-redis:reauthenticated', log);
  });
  const { clock, provider, manager } = bench();
  const identity = { client: 'test', address: 'localhost:1', name: 'orders' };
  const registration = manager.register({ identity, canAuthenticate: () => true, authenticate: async () => undefined });
  registration.authenticated(await manager.credentials());
  await clock.advance(45 * minute);
  expect(seen.map((event) => event.type)).toEqual(['token', 'token', 'reauthenticated']);
  expect(seen.at(-1)).toMatchObject({ connection: identity, durationMs: 0 });
  expect((seen[0] as { credentials: object }).credentials).not.toHaveProperty('password');
  expect((seen[0] as { credentials: object }).credentials).toEqual({
    username: provider.objectId,
    expiresAt: expect.any(Number),
  });
});

test.each([
  ['in its message', (token: string) => new Error(`could not parse answer: ${token}`)],
  ['in a field', (token: string) => Object.assign(new Error('bad answer'), { response: { body: [token] } })],
  ['in its cause', (token: string) => new Error('bad answer', { cause: new Error(token) })],
  ['as a typed error', (token: string) => new EntraRedisError('ERR_TOKEN_INVALID', token, { cause: new Error(token) })],
])('token/no-leak: a provider whose error quotes the token %s leaks nothing of it', async (_, failure) => {
  const { provider, manager, events } = bench();
  const { value } = provider.issue();
  const token = value.replace(/signature$/, 'c2lnbmF0dXJl');
  const told: unknown[] = [];
  const log = (message: unknown): void => void told.push(message);
  diagnostics.subscribe('entra-redis:failed', log);
  onTestFinished(() => void diagnostics.unsubscribe('entra-redis:failed', log));
  provider.script.push(failure(token));
  told.push(await manager.credentials().catch((error: unknown) => error), ...events);
  expect(told.length).toBeGreaterThanOrEqual(3);
  const text = told.map(printed).join('\n');
  for (const part of token.split('.')) expect(text).not.toContain(part);
});

test('token/no-leak: an opaque token that the username function quotes is struck from event and error', async () => {
  const opaque = 'opaque-1234567890-opaque';
  const quoted: [string, () => never][] = [
    [
      opaque,
      () => {
        throw new Error(`cannot parse ${opaque}`);
      },
    ],
    [
      opaque.slice(0, 20),
      () => {
        throw new Error(`cannot parse ${opaque.slice(0, 20)}`, { cause: opaque });
      },
    ],
  ];
  for (const [piece, username] of quoted) {
    const { provider, manager, of } = bench({}, { username });
    provider.script.push(provider.issue({ value: opaque }));
    const error = (await manager.credentials().catch((each: unknown) => each)) as Error;
    for (const each of [error, of('failed')[0]?.error as Error]) {
      expect(each).toMatchObject({ cause: { message: 'The username function threw: cannot parse <token>' } });
      expect(inspect(each, { depth: 5 })).not.toContain(piece);
    }
  }
});

test('token/no-leak: a provider that quotes the opaque token in hand is not quoted', async () => {
  const opaque = 'opaque-1234567890-opaque';
  const { clock, provider, manager, of } = bench({}, { username: 'me' });
  provider.script.push(provider.issue({ value: opaque }), new Error(`the former one was ${opaque.slice(3)}`));
  await manager.credentials();
  await clock.advance(42 * minute);
  expect(of('retry')[0]?.error.message).toContain('the former one was <token>.');
});

test('token/no-leak: a provider that quotes the opaque token that was just refused is not quoted', async () => {
  const opaque = 'opaque-1234567890-opaque';
  const { clock, provider, manager, of } = bench({}, { username: 'me' });
  provider.script.push(provider.issue({ value: opaque }));
  const credentials = await manager.credentials();
  await clock.advance(second);
  provider.script.push(new Error(`nothing newer than ${opaque}`));
  manager.reject(credentials, new Error('WRONGPASS'));
  await clock.advance(0);
  expect(of('failed')[0]?.error.message).toContain('nothing newer than <token>.');
});
