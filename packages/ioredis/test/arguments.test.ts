import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import { Identity } from './support/world.ts';

test.each([
  [
    'a credential in place of the manager',
    () => withEntra({ getToken: () => undefined } as never, {}),
    'createTokenManager(credential)',
  ],
  [
    'a URL in place of the options',
    () => withEntra(new Identity().manager, 'redis://localhost' as never),
    'is a string',
  ],
  [
    'null in place of the options',
    () => withEntra(new Identity().manager, null as never),
    'options: must be an object',
  ],
  [
    'a client in place of the options',
    () => withEntra(new Identity().manager, new Redis({ lazyConnect: true }) as never),
    'attach(manager, client)',
  ],
  ['no options', () => withEntra(new Identity().manager, undefined as never), 'but is undefined'],
  [
    'a misspelled option',
    () => withEntra(new Identity().manager, {}, { allowPlaintext: true } as never),
    'allowPlaintext',
  ],
  [
    'an option of a wrong type',
    () => withEntra(new Identity().manager, {}, { allowPlainText: 'yes' } as never),
    `Option "allowPlainText" must be a boolean, but is 'yes'`,
  ],
])('%s is named at once', (_, call, words) => {
  expect(call).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining(words) }),
  );
});

const misspelled =
  (options: object): (() => unknown) =>
  () =>
    withEntra(new Identity().manager, options);
const unknown = (name: string, words: string): unknown =>
  expect.objectContaining({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringMatching(new RegExp(`^options\\.${name}: .*${words}`)),
  });

test.each([
  ['hostt', 'host'],
  ['hots', 'host'],
  ['ost', 'host'],
  ['HOST', 'host'],
  ['hostname', 'host'],
  ['prot', 'port'],
  ['sentinel', 'sentinels'],
  ['ssl', 'tls'],
  ['tsl', 'tls'],
  ['lazyconnect', 'lazyConnect'],
])('an option that is misspelled %s is named, with %s', (name, meant) => {
  expect(misspelled({ [name]: 'x' })).toThrow(unknown(name, `Did you mean ${meant}\\?`));
  expect(misspelled({ redisOptions: { [name]: 'x' } })).toThrow(unknown(`redisOptions.${name}`, meant));
});

test('an unknown option never means localhost: without an address it is an error', () => {
  expect(misspelled({ endpoint: 'cache.example' })).toThrow(unknown('endpoint', 'localhost'));
  for (const address of [{ host: 'a' }, { port: 1 }, { path: '/a' }, { url: 'redis://a' }, { redisOptions: {} }])
    expect(misspelled({ endpoint: 'cache.example', ...address })).not.toThrow();
});

test('a short name of another library is no mistake, however near: ttl of cache-manager', () => {
  for (const name of ['ttl', 'dn']) expect(misspelled({ host: 'a', [name]: 1 })).not.toThrow();
});

test('what BullMQ, Fastify and NestJS add, and a known name beside one that is near to it, are no mistake', () => {
  for (const options of [
    {},
    { host: 'a', skipVersionCheck: true, namespace: 'b' },
    { host: 'a', hosts: ['b'] },
    { hostt: undefined },
  ])
    expect(misspelled(options)).not.toThrow();
});
