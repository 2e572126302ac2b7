import type { CacheServer, Endpoint } from '@entra-redis/emulator';
import { until } from '@entra-redis/test-support';
import type { Cluster } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { attach, withEntra } from '../src/index.ts';
import {
  addressOf,
  cacheFor,
  closedAtEnd,
  eventOf,
  holdToken,
  Identity,
  loginsOf,
  loseWhileReauthenticating,
  versions,
} from './support/world.ts';

const seed = (cache: CacheServer): { host: string; port: number }[] => [addressOf(cache)];

/** Which tokens the connections that are up now have logged in with last. */
function tokensInUse(cache: CacheServer): Set<string> {
  const last = new Map(loginsOf(cache).map(({ connection, token }) => [connection, token]));
  return new Set(cache.connections.map(({ id }) => last.get(id) ?? 'none'));
}

async function connected(cluster: Cluster): Promise<Cluster> {
  if (cluster.status !== 'ready') await eventOf(cluster, 'ready');
  await Promise.all(cluster.nodes('all').map((node) => node.ping()));
  return cluster;
}

describe.each(versions)('$version', ({ module: { Cluster, Redis } }) => {
  test('topology/cluster-one-request: a cluster connects by one token request, every connection logged in', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 3, replicasPerMaster: 1 } });
    const options = withEntra(identity.manager, { scaleReads: 'all' as const });
    const cluster = closedAtEnd(new Cluster(seed(cache), options));
    await connected(cluster);
    expect(cluster.nodes('all')).toHaveLength(6);
    expect(identity.tokens).toHaveLength(1);
    expect(cache.connections.every(({ username }) => username !== undefined)).toBe(true);
    await Promise.all(['a', 'b', 'c', 'foo'].map((key) => cluster.set(key, key)));
    expect(await Promise.all(['a', 'b', 'c', 'foo'].map((key) => cluster.get(key)))).toEqual(['a', 'b', 'c', 'foo']);
  });

  test('connect/idp-down-token-expired: commands of a cluster wait through an outage that outlasts the token', async () => {
    const identity = new Identity(300);
    const cache = await cacheFor(identity, { cluster: { masters: 3, replicasPerMaster: 0 } });
    const cluster = closedAtEnd(new Cluster(seed(cache), withEntra(identity.manager, {})));
    const told: unknown[] = [];
    cluster.on('node error', (error) => told.push(error));
    // The other masters are not connected to before a command is for them.
    await cluster.set('a', 'a');
    let requests = 0;
    identity.instead = () => {
      requests += 1;
      return Promise.reject(new Error('identity provider down'));
    };
    await until(() => cache.connections.length === 0);
    const answers = Promise.all(['a', 'b', 'c'].map((key) => cluster.set(key, key)));
    const before = requests;
    await until(() => requests >= before + 5);
    identity.instead = undefined;
    identity.lifetimeMs = 3_600_000;
    expect(await answers).toEqual(['OK', 'OK', 'OK']);
    expect(told).toContainEqual(expect.objectContaining({ code: 'ERR_TOKEN_REQUEST_FAILED' }));
  });

  test('topology/cluster-every-node: masters, replicas and the subscriber take each new token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 2, replicasPerMaster: 1 } });
    const cluster = closedAtEnd(
      new Cluster(seed(cache), withEntra(identity.manager, { scaleReads: 'slave' as const })),
    );
    await connected(cluster);
    const message = new Promise((resolve) => cluster.on('message', (_channel, text) => resolve(text)));
    await cluster.subscribe('news');
    await identity.renewFor(5);
    expect(tokensInUse(cache)).toEqual(new Set([loginsOf(cache).at(-1)?.token]));
    await cluster.publish('news', 'x');
    expect(await message).toBe('x');
    expect(identity.tokens).toHaveLength(2);
  });

  test('topology/cluster-every-node: a subscriber that is lost in the middle of a renewal keeps its channels', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 2 } });
    const cluster = closedAtEnd(
      new Cluster(seed(cache), withEntra(identity.manager, { redisOptions: { protocol: 2 } })),
    );
    await connected(cluster);
    await cluster.subscribe('news');
    const lost = await loseWhileReauthenticating(cache, identity);
    await until(() => cache.connections.some(({ subscriber }) => subscriber));
    expect(cache.connections.map(({ id }) => id)).not.toContain(lost);
  });

  test('topology/cluster-moved: a node that leaves is released, and gets no further token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 2 } });
    const cluster = closedAtEnd(new Cluster(seed(cache), withEntra(identity.manager, {})));
    await connected(cluster);
    const told: string[] = [];
    identity.manager.subscribe(({ type }) => told.push(type));
    const left = eventOf(cluster, '-node');
    for (let slot = 0; slot < 16_384; slot++) cache.moveSlot(slot, cache.nodes[0] as Endpoint);
    cluster.refreshSlotsCache();
    await left;
    await until(() => cache.connections.length === 1);
    await identity.renewFor(1);
    await identity.renewFor(1);
    expect(told.filter((type) => type.startsWith('reauth'))).toEqual(['reauthenticated', 'reauthenticated']);
    expect(tokensInUse(cache)).toEqual(new Set([loginsOf(cache).at(-1)?.token]));
  });

  test('topology/cluster-moved: a node first seen after a renewal gets the current token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 2 } });
    const cluster = closedAtEnd(new Cluster(seed(cache), withEntra(identity.manager, { redisOptions: {} })));
    await connected(cluster);
    await cluster.set('a', '1');
    await identity.renewFor(2);
    const added = await cache.addNode();
    cache.moveSlot(15495, added);
    expect(await cluster.get('a')).toBe('1');
    await connected(cluster);
    expect(tokensInUse(cache)).toEqual(new Set([loginsOf(cache).at(-1)?.token]));
    expect(identity.tokens).toHaveLength(2);
  });

  test('topology/cluster-root-only: options without a cluster’s own names log its nodes in all the same', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const cluster = closedAtEnd(new Cluster(seed(cache), withEntra(identity.manager, {})));
    expect(await cluster.set('a', '1')).toBe('OK');
  });

  test('topology/cluster-root-only: withEntra around a startup node alone is a typed error at once', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const node = withEntra(identity.manager, addressOf(cache));
    expect(() => new Cluster([node])).toThrow(expect.objectContaining({ code: 'ERR_NODE_CREDENTIALS' }));
    const lazy = closedAtEnd(new Cluster([node], { lazyConnect: true }));
    expect(() => void lazy.connect()).toThrow(/around the options of the cluster/);
    // Harmless beside the cluster's own.
    const both = closedAtEnd(new Cluster([node], withEntra(identity.manager, { redisOptions: {} })));
    expect(await both.set('a', '1')).toBe('OK');
  });

  test('topology/cluster-root-only: credentials of a startup node are a typed error', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const options = withEntra(identity.manager, { clusterRetryStrategy: () => null });
    const cluster = closedAtEnd(new Cluster([addressOf(cache, { password: 'access key' })], options));
    const [error] = await eventOf(cluster, 'error');
    expect(error).toMatchObject({ lastNodeError: { code: 'ERR_NODE_CREDENTIALS' } });
    expect(loginsOf(cache)).toEqual([]);
  });

  test('connect/waits-for-first-token: a cluster looks its nodes up only when there is a token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const token = holdToken(identity);
    const lookups: string[] = [];
    const options = withEntra(identity.manager, {
      dnsLookup: (host, done) => {
        lookups.push(host);
        done(null, cache.host);
      },
    });
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example', port: cache.port }], options));
    await token.asked;
    expect(lookups).toEqual([]);
    token.answer();
    expect(await cluster.set('a', '1')).toBe('OK');
    expect(lookups).toEqual(['cache.example']);
  });

  test.each([{}, { natMap: {} }, { lazyConnect: false }])(
    'connect/waits-for-first-token: options that name nothing of a cluster make its nodes wait, too (%o)',
    async (options) => {
      const identity = new Identity();
      const { asked } = holdToken(identity);
      const cluster = closedAtEnd(new Cluster([{ host: 'cache.example' }], withEntra(identity.manager, options)));
      await asked;
      expect(cluster.status).toBe('connecting');
      cluster.disconnect();
      await eventOf(cluster, 'end');
    },
  );

  test('connect/disconnect-while-waiting: a cluster that is closed waits no longer, and looks nothing up', async () => {
    const identity = new Identity();
    const { asked } = holdToken(identity);
    const dnsLookup = vi.fn<() => void>();
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example' }], withEntra(identity.manager, { dnsLookup })));
    await asked;
    cluster.disconnect();
    await eventOf(cluster, 'end');
    expect(dnsLookup).not.toHaveBeenCalled();
  });

  test('connect/first-token-fails: a dnsLookup that throws ends connect(), not the process', async () => {
    const dnsLookup = (): never => {
      throw new Error('no resolver');
    };
    const own = { dnsLookup, lazyConnect: true, clusterRetryStrategy: () => null };
    const cluster = closedAtEnd(new Cluster([{ host: 'cache.example' }], withEntra(new Identity().manager, own)));
    await expect(cluster.connect()).rejects.toThrow('no resolver');
  });

  test('connect/first-token-fails: a cluster’s error has the cause', async () => {
    const identity = new Identity();
    identity.instead = () => Promise.reject(new Error('identity provider down'));
    const options = withEntra(identity.manager, { clusterRetryStrategy: () => null });
    const cluster = closedAtEnd(new Cluster([{ host: '127.0.0.1', port: 1 }], options));
    const [error] = await eventOf(cluster, 'error');
    expect(error).toMatchObject({ lastNodeError: { code: 'ERR_TOKEN_REQUEST_FAILED' } });
  });

  test('topology/sentinel-failover: the new master gets the current token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { sentinel: { masterName: 'primary', replicas: 1 } });
    const sentinels = cache.sentinels.map(({ host, port }) => ({ host, port }));
    const redis = closedAtEnd(
      new Redis(withEntra(identity.manager, { sentinels, name: 'primary', retryStrategy: () => 5 })),
    );
    await redis.set('a', '1');
    const addresses: unknown[] = [];
    identity.manager.subscribe((event) => {
      if (event.type === 'reauthenticated') addresses.push(event.connection.address);
    });
    await identity.renewFor(1);
    expect(addresses).toEqual([`${cache.host}:${cache.port}`]);
    cache.failover();
    await eventOf(redis, 'ready');
    expect(await redis.set('a', '2')).toBe('OK');
    expect(tokensInUse(cache)).toEqual(new Set([loginsOf(cache).at(-1)?.token]));
    expect(identity.tokens).toHaveLength(2);
  });

  test('attach: a client and a cluster that somebody else made', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(addressOf(cache, { lazyConnect: true })));
    attach(identity.manager, redis);
    const duplicate = closedAtEnd(redis.duplicate());
    await Promise.all([redis.ping(), duplicate.ping()]);
    await identity.renewFor(2);
    const shards = await cacheFor(identity, { cluster: { masters: 2 } });
    const cluster = closedAtEnd(new Cluster(seed(shards)));
    attach(identity.manager, cluster);
    await connected(cluster);
    await identity.renewFor(4);
    expect(tokensInUse(shards).size).toBe(1);
  });

  test('attach: the sharded subscribers of a cluster', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { cluster: { masters: 2 } });
    const cluster = closedAtEnd(new Cluster(seed(cache), { shardedSubscribers: true }));
    attach(identity.manager, cluster);
    await connected(cluster);
    const message = new Promise((resolve) => cluster.on('smessage', (_channel: string, text: string) => resolve(text)));
    await cluster.ssubscribe('news');
    await cluster.spublish('news', 'x');
    expect(await message).toBe('x');
    expect(cache.connections.every(({ username }) => username !== undefined)).toBe(true);
  });

  test('attach: what is no manager, no client, a misspelled option or an access key is named, and nothing is changed', () => {
    const { manager } = new Identity();
    const redis = closedAtEnd(new Redis({ lazyConnect: true, password: 'access key' }));
    const calls = {
      createTokenManager: () => attach({ getToken: () => undefined } as never, redis),
      'client: must be': () => attach(manager, {} as never),
      allowPlaintext: () => attach(manager, redis, { allowPlaintext: true } as never),
      'options.password': () => attach(manager, redis),
    };
    for (const [words, call] of Object.entries(calls)) expect(call).toThrow(words);
    expect(redis.options.password).toBe('access key');
  });

  test('attach: too late is said at once', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(addressOf(cache)));
    expect(() => attach(identity.manager, redis)).toThrow('construct it with lazyConnect: true');
  });
});
