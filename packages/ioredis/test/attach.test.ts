import * as ioredis from 'ioredis';
import { describe, expect, test } from 'vitest';
import { attach } from '../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, Identity } from './support/world.ts';

const code = (name: string): unknown => expect.objectContaining({ code: name });
const lazy = (options: object = {}): ioredis.Redis =>
  closedAtEnd(new ioredis.Redis({ lazyConnect: true, host: 'cache.example', ...options }));

describe('attach: connect/tls-required', () => {
  test('turns TLS on, with the name of the host, unless plain text is allowed', () => {
    const { manager } = new Identity();
    const [encrypted, plain] = [lazy(), lazy()];
    attach(manager, encrypted);
    expect(encrypted.options.tls).toMatchObject({ servername: 'cache.example' });
    attach(manager, plain, { allowPlainText: true });
    expect(plain.options.tls).toBeFalsy();
  });

  test('turns TLS on for a duplicate that leaves this machine', () => {
    const redis = lazy({ host: 'localhost' });
    attach(new Identity().manager, redis);
    expect(redis.options.tls).toBeFalsy();
    expect(redis.duplicate({ host: 'two.example' }).options.tls).toEqual({ servername: 'two.example' });
    expect(() => redis.duplicate({ host: 'two.example', tls: null as never })).toThrow(code('ERR_PLAIN_TEXT'));
    expect(() => redis.duplicate({ password: 'key' })).toThrow(code('ERR_USERINFO_IN_URL'));
  });

  test('refuses TLS that was turned off, and leaves the client as it is', () => {
    const { manager } = new Identity();
    const redis = lazy({ tls: null });
    expect(() => attach(manager, redis)).toThrow(code('ERR_PLAIN_TEXT'));
    expect(redis.options.password).toBeFalsy();
    attach(manager, redis, { allowPlainText: true });
  });
});

describe('attach: too late', () => {
  test.each(['connecting', 'connect', 'ready', 'monitoring'])('a client that is %s is named', (status) => {
    const redis = lazy();
    Object.assign(redis, { status });
    expect(() => attach(new Identity().manager, redis)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: expect.stringMatching(new RegExp(`^client: .*it is ${status};`)),
      }),
    );
    Object.assign(redis, { status: 'wait' });
  });

  test.each(['wait', 'reconnecting', 'close', 'end'])('a client that is %s is early enough', (status) => {
    const redis = lazy();
    Object.assign(redis, { status });
    expect(() => attach(new Identity().manager, redis)).not.toThrow();
    Object.assign(redis, { status: 'wait' });
  });

  test('one that is attached already may be attached again, whatever it is doing', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new ioredis.Redis(addressOf(cache, { lazyConnect: true })));
    attach(identity.manager, redis);
    await redis.ping();
    attach(identity.manager, redis);
    await identity.renewFor(1);
    expect(cache.timeline.landmarks.filter(({ event }) => event === 'login')).toHaveLength(2);
  });
});

test('attach: a cluster with a node that has credentials is refused, and left as it is', async () => {
  const identity = new Identity();
  const cache = await cacheFor(identity, { cluster: { masters: 2 } });
  const cluster = closedAtEnd(new ioredis.Cluster([addressOf(cache)], { redisOptions: { password: 'access key' } }));
  const { dnsLookup } = cluster.options;
  await eventOf(cluster, '+node');
  expect(() => attach(identity.manager, cluster)).toThrow(code('ERR_INVALID_OPTION'));
  expect(cluster.options.dnsLookup).toBe(dnsLookup);
  expect(cluster.options.redisOptions).toEqual({ password: 'access key' });
});

test.each([
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a URL', 'redis://:key@localhost', 'a string'],
  ['options', { host: 'localhost' }, 'an object'],
  ['another client, with options', { options: {}, connect: () => undefined }, 'an object'],
])('attach: %s in place of the client is named', (_, client, got) => {
  expect(() => attach(new Identity().manager, client as never)).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_OPTION',
      message: `client: must be a Redis or a Cluster of ioredis, but is ${got}`,
    }),
  );
});
