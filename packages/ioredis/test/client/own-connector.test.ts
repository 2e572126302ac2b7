import type { TokenManager } from '@entra-redis/token-manager';
import type * as ioredis from 'ioredis';
import { describe, expect, test } from 'vitest';
import { attach, withEntra } from '../../src/index.ts';
import type { Instance } from '../../src/client/client-internals.ts';
import { addressOf, cacheFor, closedAtEnd, eventOf, Identity, versions } from '../support/world.ts';

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test('connect/own-options: a host and port that are changed later are used by the next connect', async () => {
    const identity = new Identity();
    const [first, second] = [await cacheFor(identity), await cacheFor(identity)];
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(first, { retryStrategy: () => 1 }))));
    await redis.set('name', 'first');
    redis.options.port = second.port;
    first.cut();
    await eventOf(redis, 'ready');
    await redis.set('name', 'second');
    expect(second.connections).toHaveLength(1);
    redis.disconnect();
    await eventOf(redis, 'end');
    redis.options.port = first.port;
    await redis.connect();
    expect(await redis.get('name')).toBe('first');
  });

  test('connect/own-options: tls that is changed later is checked, and named by the host, at the next connect', async () => {
    const { manager } = new Identity();
    const redis = closedAtEnd(
      new Redis(withEntra(manager, { host: 'localhost', port: 1, retryStrategy: null, lazyConnect: true })),
    );
    redis.options.host = 'one.invalid';
    redis.connect().catch(() => {});
    await eventOf(redis, 'end');
    expect(redis.options.tls).toEqual({ servername: 'one.invalid' });
    Object.assign(redis.options, { host: 'two.invalid', tls: null });
    await expect(redis.connect()).rejects.toMatchObject({ code: 'ERR_PLAIN_TEXT' });
    redis.options.tls = { ca: 'x' };
    redis.connect().catch(() => {});
    await eventOf(redis, 'end');
    expect(redis.options.tls).toEqual({ ca: 'x', servername: 'two.invalid' });
  });

  test('connect/own-options: the connector has the options of the instance; one that the user gave is constructed with them', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const seen: unknown[] = [];
    const { constructor: Standalone } = (new Redis({ lazyConnect: true }) as unknown as Instance).connector;
    class Own extends (Standalone as unknown as new (options: unknown) => object) {
      constructor(options: unknown) {
        super(options);
        seen.push(options);
      }
    }
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { Connector: Own as never }))));
    expect(await redis.ping()).toBe('PONG');
    expect(seen).toEqual([redis.options]);
    expect(seen[0]).toBe(redis.options);
    expect((redis as unknown as Instance).connector).toBeInstanceOf(Own);
  });

  test('topology/sentinel-failover: with failoverDetector the events of the sentinels reach the client of the user', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { sentinel: { masterName: 'primary', replicas: 1 } });
    const sentinels = cache.sentinels.map(({ host, port }) => ({ host, port }));
    const options = { sentinels, name: 'primary', failoverDetector: true, sentinelReconnectStrategy: () => 5 };
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    await eventOf(redis, 'failoverSubscribed');
    expect(await redis.ping()).toBe('PONG');
  });
});

const ways = {
  'options of withEntra': ({ Redis }: typeof ioredis, manager: TokenManager, options: object, entra: object) =>
    new Redis(withEntra(manager, options, entra)),
  'a client of attach': ({ Redis }: typeof ioredis, manager: TokenManager, options: object, entra: object) => {
    const redis = new Redis(options);
    attach(manager, redis, entra);
    return redis;
  },
};

test.each(Object.entries(ways))(
  'connect/own-options: %s: sentinels that are told of, and could only be asked in plain text, are not asked',
  (_way, create) => {
    const { manager } = new Identity();
    const [{ module }] = versions as [(typeof versions)[number]];
    const learnt = (options: object, entra = {}): boolean[] => {
      const sentinels = [{ host: 'localhost', port: 1 }];
      const given = { sentinels, name: 'x', lazyConnect: true, sentinelRetryStrategy: () => null, ...options };
      const redis = closedAtEnd(create(module, manager, given, entra));
      redis.connect().catch(() => {});
      const { sentinelIterator } = (redis as unknown as Instance).connector;
      return ['10.0.0.1', '127.0.0.2'].map((host) => sentinelIterator?.add({ host }) ?? false);
    };
    expect(learnt({})).toEqual([false, true]);
    expect(learnt({ sentinelTLS: {} })).toEqual([true, true]);
    expect(learnt({}, { allowPlainText: true })).toEqual([true, true]);
  },
);
