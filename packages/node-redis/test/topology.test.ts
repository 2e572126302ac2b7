import { until } from '@entra-redis/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import { entraCredentials } from '../src/index.ts';
import { type TestCluster, type TestPool, type Version, versions } from './support/clients.ts';
import { title, World } from './support/world.ts';

function cluster(world: World, version: Version, overrides: object = {}): TestCluster {
  const { host, port } = world.cache;
  const made = version.library.createCluster({
    ...version.protocol,
    rootNodes: [{ socket: { host, port } }],
    defaults: { credentialsProvider: world.provider },
    ...overrides,
  });
  made.on('error', (error) => world.errors.push(error));
  onTestFinished(() => made.destroy());
  return made;
}

function pool(world: World, version: Version, options: object): TestPool {
  const made = version.library.createClientPool(world.options(version), options);
  made.on('error', (error) => world.errors.push(error));
  onTestFinished(() => made.destroy());
  return made;
}

/** The connections that can take an AUTH. (In 5.0.0 the subscriber of a RESP3 cluster speaks RESP2.) */
function authenticable(world: World, version: Version): number[] {
  const resp3 = (id: number): boolean => version.RESP === 3 && world.logins(id)[0]?.via === 'HELLO';
  return world.cache.connections
    .filter(({ id, username, subscriber }) => username !== undefined && (!subscriber || resp3(id)))
    .map(({ id }) => id);
}

/** A renewal; says how often each of these connections has logged in again. */
async function loginsOfRefresh(world: World, connections: readonly number[]): Promise<number[]> {
  const before = world.logins().length;
  const loginsOf = (id: number): number =>
    world
      .logins()
      .slice(before)
      .filter(({ connection }) => connection === id).length;
  await world.renew();
  await until(() => connections.every((id) => loginsOf(id) > 0));
  return connections.map(loginsOf);
}

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('topology/cluster-every-node, topology/cluster-one-request: masters, replicas and pub/sub, one AUTH each', async () => {
    const world = await World.start({ cluster: { masters: 3, replicasPerMaster: 1 } });
    const client = cluster(world, version, { useReplicas: true });
    await client.connect();
    await client.subscribe('news', () => undefined);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await client.set(key, key);
    expect(world.identity.requests).toHaveLength(1);
    expect(world.cache.connections.filter(({ subscriber }) => subscriber)).toHaveLength(1);
    const connections = authenticable(world, version);
    expect(connections.length).toBeGreaterThanOrEqual(6);
    expect(new Set(await loginsOfRefresh(world, connections))).toEqual(new Set([1]));
    expect(world.identity.requests).toHaveLength(2);
  });

  test('topology/cluster-moved: a node that is cut comes back with the current token', async () => {
    const world = await World.start({ cluster: { masters: 2 } });
    const client = cluster(world, version);
    await client.connect();
    await client.set('a', '1');
    await client.set('b', '1');
    await loginsOfRefresh(world, authenticable(world, version));
    for (const node of world.cache.nodes) node.cut();
    const before = world.verifier.presented.length;
    expect(await client.get('a').catch(() => client.get('a'))).toBe('1');
    expect(await client.get('b').catch(() => client.get('b'))).toBe('1');
    expect(new Set(world.verifier.presented.slice(before))).toEqual(new Set([2]));
  });

  test('topology/sentinel-failover: the new master gets the current token', async () => {
    const world = await World.start({ sentinel: { masterName: 'main', replicas: 1, sentinels: 1 } });
    const sentinel = version.library.createSentinel({
      ...version.protocol,
      name: 'main',
      sentinelRootNodes: world.cache.sentinels.map(({ host, port }) => ({ host, port })),
      nodeClientOptions: { credentialsProvider: world.provider },
      scanInterval: 50,
    });
    sentinel.on('error', (error) => world.errors.push(error));
    await sentinel.connect();
    onTestFinished(() => sentinel.destroy());
    expect(await sentinel.set('a', '1')).toBe('OK');
    await loginsOfRefresh(world, authenticable(world, version));
    const before = world.verifier.presented.length;
    world.cache.failover();
    await until(() => world.verifier.presented.length > before);
    expect(await sentinel.set('a', '2').catch(() => sentinel.set('a', '2'))).toBe('OK');
    expect(new Set(world.verifier.presented.slice(before))).toEqual(new Set([2]));
    expect(world.identity.requests).toHaveLength(2);
  });

  test('topology/pool: idle, in-use and later-made members hold the newest token', async () => {
    const world = await World.start();
    const clients = pool(world, version, { minimum: 2, maximum: 5 });
    await clients.connect();
    await until(() => world.count('token') === 1 && world.verifier.presented.length === 2);
    const inUse = clients.execute(async (client) => {
      await world.renewFor(2);
      return client.ping();
    });
    expect(await inUse).toBe('PONG');
    await Promise.all(Array.from({ length: 5 }, () => clients.sendCommand(['BLPOP', 'queue', '0.01'])));
    expect(world.verifier.presented.slice(0, 4)).toEqual([1, 1, 2, 2]);
    expect(new Set(world.verifier.presented.slice(2))).toEqual(new Set([2]));
  });

  test('one provider serves many clients: 200 connections, one AUTH each, one request', async () => {
    const world = await World.start();
    const first = await world.connected(version);
    await Promise.all(Array.from({ length: 199 }, () => world.adopt(first.duplicate()).connect()));
    await world.renewFor(200);
    expect(world.verifier.presented.filter((jti) => jti === 2)).toHaveLength(200);
    expect(world.identity.requests).toHaveLength(2);
  });

  test('topology/pool: a pool that cannot log in leaves nothing behind', async () => {
    const world = await World.start();
    world.verifier.refuse = () => true;
    const provider = entraCredentials(world.manager);
    const { host, port } = world.cache;
    const options = { ...world.options(version), credentialsProvider: provider };
    const clients = version.library.createClientPool(
      { ...options, socket: { host, port, reconnectStrategy: false } },
      { minimum: 3 },
    );
    clients.on('error', () => undefined);
    await expect(clients.connect()).rejects.toThrow(/WRONGPASS/);
    await until(() => world.cache.connections.length === 0);
    world.verifier.refuse = () => false;
    const before = world.verifier.presented.length;
    await world.pass(world.manager.credentials());
    await world.renew();
    expect(world.verifier.presented).toHaveLength(before);
  });
});
