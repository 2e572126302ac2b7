import { until } from '@entra-redis/test-support';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createSentinel as createSentinel6 } from 'redis';
import { createSentinel as createSentinel5 } from 'redis-5';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCache } from '../../src/cache/start-cache.ts';
import type { CacheServer } from '../../src/types.ts';
import { passwords, plain, RawClient } from './helpers.ts';

let cache: CacheServer;
beforeEach(async () => {
  cache = await startCache({ verifier: passwords, sentinel: { masterName: 'main', replicas: 1, sentinels: 2 } });
});
afterEach(() => cache.close());

const sentinelNodes = (): { host: string; port: number }[] => cache.sentinels.map(({ host, port }) => ({ host, port }));

describe('sentinels', () => {
  it('tell the master, its replicas and each other, and announce a failover', async () => {
    const client = new RawClient(cache.sentinels[0]?.port ?? 0);
    const [master, replica] = cache.nodes.map(({ port }) => String(port));
    expect(plain(await client.call('SENTINEL', 'get-master-addr-by-name', 'main'))).toEqual(['127.0.0.1', master]);
    expect(plain(await client.call('SENTINEL', 'get-master-addr-by-name', 'other'))).toBeNull();
    expect(plain(await client.call('SENTINEL', 'replicas', 'main'))).toEqual([
      expect.arrayContaining(['port', replica]),
    ]);
    expect(plain(await client.call('SENTINEL', 'sentinels', 'main'))).toHaveLength(1);
    expect(plain(await client.call('SENTINEL', 'master', 'other'))).toBe('-ERR No such master with that name');
    await client.call('SUBSCRIBE', '+switch-master');
    cache.failover();
    expect(plain(await client.next())).toEqual([
      'message',
      '+switch-master',
      `main 127.0.0.1 ${master} 127.0.0.1 ${replica}`,
    ]);
    client.close();
  });

  it('may want the login too', async () => {
    const closed = await startCache({ verifier: passwords, sentinel: { masterName: 'main', authenticated: true } });
    const client = new RawClient(closed.sentinels[0]?.port ?? 0);
    expect(plain(await client.call('SENTINEL', 'masters'))).toBe('-NOAUTH Authentication required.');
    await closed.close();
  });

  it('have a replica that refuses writes', async () => {
    const client = new RawClient(cache.nodes[1]?.port ?? 0);
    await client.call('AUTH', 'secret');
    expect(plain(await client.call('SET', 'a', '1'))).toBe("-READONLY You can't write against a read only replica.");
    client.close();
  });
});

interface IoRedis {
  set(key: string, value: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  disconnect(): void;
}
const ioredisOptions = () => ({
  sentinels: sentinelNodes(),
  name: 'main',
  username: 'user',
  password: 'secret',
  sentinelRetryStrategy: () => 10,
  retryStrategy: () => 10,
});

describe.each<[string, () => IoRedis]>([
  ['ioredis 5', () => new Redis5(ioredisOptions())],
  ['ioredis 6', () => new Redis6(ioredisOptions())],
])('%s', (_name, create) => {
  it('topology/sentinel-failover: goes to the new master', async () => {
    const redis = create();
    await redis.set('a', '1');
    cache.failover();
    expect(await redis.set('b', '2')).toBe('OK');
    expect([await redis.get('a'), await redis.get('b')]).toEqual(['1', '2']);
    redis.disconnect();
  });
});

interface NodeRedisSentinel {
  connect(): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  on(event: 'error', listener: () => void): unknown;
  close(): Promise<unknown>;
}
const sentinelOptions = () => ({
  name: 'main',
  sentinelRootNodes: sentinelNodes(),
  nodeClientOptions: { username: 'user', password: 'secret' },
  scanInterval: 100,
});

describe.each<[string, () => NodeRedisSentinel]>([
  ['redis 5', () => createSentinel5(sentinelOptions())],
  ['redis 6', () => createSentinel6(sentinelOptions())],
])('%s', (_name, create) => {
  it('topology/sentinel-failover: goes to the new master', async () => {
    const sentinel = create();
    sentinel.on('error', () => undefined);
    await sentinel.connect();
    await sentinel.set('a', '1');
    cache.failover();
    await until(async () => (await sentinel.set('b', '2').catch(String)) === 'OK');
    expect(await sentinel.get('a')).toBe('1');
    await sentinel.close();
  });
});
