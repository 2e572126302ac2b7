import { expect, test } from 'vitest';
import { adapterOptions, createTokenManager, isLoopback, type TokenManager } from '../../src/index.ts';

const manager: TokenManager = createTokenManager({ requestToken: () => new Promise(() => undefined) });

test('plain text is not allowed unless somebody says so', () => {
  expect(adapterOptions(manager, {})).toEqual({ allowPlainText: false });
  expect(adapterOptions(manager, { allowPlainText: true })).toEqual({ allowPlainText: true });
});

test.each([
  ['a credential in place of the manager', { getToken: () => undefined }, {}, 'createTokenManager(credential)'],
  ['no manager', undefined, {}, 'createTokenManager(credential)'],
  [
    'an unknown option',
    manager,
    { allowPlaintext: true },
    'Unknown option "allowPlaintext". Known options: allowPlainText.',
  ],
  ['null in place of the options', manager, null, 'Option "options" must be an object, but is null.'],
  ['a wrong type', manager, { allowPlainText: 'yes' }, `Option "allowPlainText" must be a boolean, but is 'yes'`],
])('%s is named at once', (_, given, options, words) => {
  expect(() => adapterOptions(given as never, options as never)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining(words) }),
  );
});

test('a client that is given the manager in place of its options is told how to write it, whatever it reads first', () => {
  const told = expect.objectContaining({
    code: 'ERR_INVALID_OPTION',
    message:
      'options are the token manager itself: write new Redis(withEntra(manager, { host })) with ioredis, ' +
      'createClient({ url, credentialsProvider: entraCredentials(manager) }) with node-redis',
  });
  const inherited: string[] = [];
  for (const name in manager) inherited.push(name);
  expect(inherited).toContain('host');
  for (const name of ['host', 'modules']) expect(() => Reflect.get(manager, name)).toThrow(told);
});

const names = [
  'localhost',
  'LOCALHOST',
  '127.0.0.1',
  '127.255.0.99',
  '127.249.199.105',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
];
test.each(names)('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  '',
  'cache.example',
  '128.0.0.1',
  '127.evil.example',
  '127.0.0.1.evil.example',
  'localhost.example',
  // Not every resolver keeps them on this machine, as RFC 6761 wants.
  'app.localhost',
  '127.9999.1.1',
  '127.0.0.256',
  '127.0.0.01',
  '::11',
])('%s is not', (host) => {
  expect(isLoopback(host)).toBe(false);
});
