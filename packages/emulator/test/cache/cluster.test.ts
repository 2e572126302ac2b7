import { Cluster as Cluster6 } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import { createCluster as createCluster6 } from 'redis';
import { createCluster as createCluster4 } from 'redis-4';
import { createCluster as createCluster5 } from 'redis-5';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slotOf } from '../../src/cache/slots.ts';
import { startCache } from '../../src/cache/start-cache.ts';
import type { CacheServer, Endpoint } from '../../src/types.ts';
import { passwords, plain, RawClient, untilBlocking } from './helpers.ts';

let cache: CacheServer;
const clients: RawClient[] = [];
beforeEach(async () => {
  cache = await startCache({ verifier: passwords, cluster: { masters: 3, replicasPerMaster: 1 } });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await cache.close();
});

async function rawClient(endpoint: Endpoint): Promise<RawClient> {
  const client = new RawClient(endpoint.port);
  clients.push(client);
  await client.call('AUTH', 'user', 'secret');
  return client;
}

function node(index: number): Endpoint {
  const found = cache.nodes[index];
  if (found === undefined) throw new Error(`no node ${index}`);
  return found;
}

const slot = (key: string): number => slotOf(Buffer.from(key));

describe('a cluster', () => {
  it('meets a fault once in all, at whichever node comes first; a fault of a node stays with it', async () => {
    const [first, second] = [await rawClient(node(0)), await rawClient(node(1))];
    cache.fault({ match: 'ECHO', action: { kind: 'error', message: 'LOADING x' } });
    node(1).fault({ match: 'ECHO', action: { kind: 'error', message: 'BUSY x' } });
    expect(plain(await first.call('ECHO', 'a'))).toBe('-LOADING x');
    expect(plain(await second.call('ECHO', 'a'))).toBe('-BUSY x');
    expect(plain(await first.call('ECHO', 'a'))).toBe('a');
    expect(plain(await second.call('ECHO', 'a'))).toBe('a');
    cache.fault({ match: 'ECHO', action: { kind: 'error', message: 'LOADING x' } });
    cache.heal();
    expect(plain(await first.call('ECHO', 'a'))).toBe('a');
  });

  it('computes slots as Redis does, by the hash tag where there is one', () => {
    expect([slot('foo'), slot('{user1000}.following'), slot('123456789')]).toEqual([12182, 3443, 12739]);
    expect(slot('{}x')).not.toBe(slot(''));
  });

  it('answers MOVED, CROSSSLOT and, on a replica, MOVED until READONLY', async () => {
    const [master, replica] = [await rawClient(node(0)), await rawClient(node(5))];
    expect(plain(await master.call('GET', 'foo'))).toBe(`-MOVED 12182 127.0.0.1:${node(4).port}`);
    expect(plain(await master.call('DEL', 'a', 'b'))).toBe("-CROSSSLOT Keys in request don't hash to the same slot");
    expect(plain(await replica.call('GET', 'foo'))).toBe(`-MOVED 12182 127.0.0.1:${node(4).port}`);
    await replica.call('READONLY');
    expect(plain(await replica.call('GET', 'foo'))).toBeNull();
    expect(plain(await replica.call('SET', 'foo', '1'))).toBe(`-MOVED 12182 127.0.0.1:${node(4).port}`);
  });

  it('moves a slot: keys go along, blocked commands and shard subscribers are sent away', async () => {
    const [source, target, blocked] = [await rawClient(node(4)), await rawClient(node(0)), await rawClient(node(4))];
    await source.call('SET', 'foo', '1');
    const id = Number(await blocked.call('CLIENT', 'ID'));
    blocked.write('BLPOP', '{foo}list', '0');
    await untilBlocking(cache, id);
    expect(plain(await source.call('SSUBSCRIBE', 'foo'))).toEqual(['ssubscribe', 'foo', 1]);
    cache.moveSlot(slot('foo'), node(0));
    expect(plain(await blocked.next())).toBe(`-MOVED 12182 127.0.0.1:${node(0).port}`);
    expect(plain(await source.next())).toEqual(['sunsubscribe', 'foo', 0]);
    expect(plain(await source.call('GET', 'foo'))).toBe(`-MOVED 12182 127.0.0.1:${node(0).port}`);
    expect(plain(await target.call('GET', 'foo'))).toBe('1');
  });

  it('sends a transaction away as a whole when its slot has moved', async () => {
    const client = await rawClient(node(4));
    await client.call('MULTI');
    expect(plain(await client.call('SET', 'foo', '1'))).toBe('+QUEUED');
    cache.moveSlot(slot('foo'), node(0));
    expect(plain(await client.call('EXEC'))).toBe(`-MOVED 12182 127.0.0.1:${node(0).port}`);
    expect(plain(await client.call('PING'))).toBe('+PONG');
  });

  it('answers ASK for keys that have left a migrating slot, and the target serves them after ASKING', async () => {
    const [source, target] = [await rawClient(node(4)), await rawClient(node(0))];
    await source.call('SET', '{foo}a', '1');
    await source.call('SET', '{foo}b', '2');
    cache.startMigration(slot('foo'), node(0));
    cache.migrateKeys(slot('foo'), ['{foo}a']);
    expect(plain(await source.call('GET', '{foo}a'))).toBe(`-ASK 12182 127.0.0.1:${node(0).port}`);
    expect(plain(await source.call('GET', '{foo}b'))).toBe('2');
    expect(plain(await source.call('DEL', '{foo}a', '{foo}b'))).toMatch(/^-TRYAGAIN/);
    expect(plain(await target.call('GET', '{foo}a'))).toMatch(/^-MOVED/);
    expect(plain(await target.call('ASKING'))).toBe('+OK');
    expect(plain(await target.call('GET', '{foo}a'))).toBe('1');
    expect(plain(await target.call('GET', '{foo}a'))).toMatch(/^-MOVED/);
  });

  it('promotes a replica of the shard that it is told', async () => {
    const client = await rawClient(node(5));
    cache.failover(node(4));
    expect(plain(await client.call('SET', 'foo', '1'))).toBe('+OK');
    const replication = JSON.stringify(plain(await client.call('INFO', 'replication')));
    expect(replication).toMatch(new RegExp(`role:master.*slave0:ip=127.0.0.1,port=${node(4).port},`));
  });

  it('sends published messages to subscribers of every node', async () => {
    const [one, two] = [await rawClient(node(0)), await rawClient(node(2))];
    await one.call('SUBSCRIBE', 'news');
    expect(plain(await two.call('PUBLISH', 'news', 'hi'))).toBe(0);
    expect(plain(await one.next())).toEqual(['message', 'news', 'hi']);
  });
});

const keys = Array.from({ length: 50 }, (_, index) => `key:${index}`);

describe.each([
  ['ioredis 5', Cluster5],
  ['ioredis 6', Cluster6],
])('%s', (_name, ClusterClass) => {
  it('uses all nodes, follows a moved slot and finds a new node', async () => {
    const cluster = new ClusterClass([{ host: '127.0.0.1', port: cache.port }], {
      redisOptions: { username: 'user', password: 'secret' },
    });
    for (const key of keys) await cluster.set(key, key);
    cache.moveSlot(slot('key:7'), await cache.addNode());
    for (const key of keys) expect(await cluster.get(key)).toBe(key);
    expect(cache.connections.filter((one) => one.username === 'user').length).toBeGreaterThanOrEqual(4);
    cluster.disconnect();
  });
});

const url = (): string => `redis://127.0.0.1:${cache.port}`;
const defaults = { username: 'user', password: 'secret' };
interface NodeRedisCluster {
  connect(): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  on(event: 'error', listener: () => void): unknown;
  destroy?: () => void;
  disconnect?: () => Promise<unknown>;
}
describe.each<[string, () => NodeRedisCluster]>([
  ['redis 4', () => createCluster4({ rootNodes: [{ url: url() }], defaults })],
  ['redis 5', () => createCluster5({ rootNodes: [{ url: url() }], defaults })],
  ['redis 6', () => createCluster6({ rootNodes: [{ url: url() }], defaults })],
])('%s', (_name, create) => {
  it('uses all nodes, follows a moved slot and finds a new node', async () => {
    const cluster = create();
    cluster.on('error', () => undefined);
    await cluster.connect();
    for (const key of keys) await cluster.set(key, key);
    cache.moveSlot(slot('key:7'), await cache.addNode());
    for (const key of keys) expect(await cluster.get(key)).toBe(key);
    if (cluster.destroy === undefined) await cluster.disconnect?.();
    else cluster.destroy();
  });
});
