import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { until } from '@entra-redis/test-support';
import * as redis6 from 'redis';
import * as redis4 from 'redis-4';
import * as redis5 from 'redis-5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { handOverOnRefresh, withEntra } from '../../src/v4.ts';
import type { TestCluster } from '../support/clients.ts';
import { World } from '../support/world.ts';

type Client = redis4.RedisClientType;

async function connected(world: World, options: object = {}): Promise<Client> {
  const client = adopt(world, redis4.createClient(entraOptions(world, options)) as Client);
  await client.connect();
  return client;
}

function entraOptions(world: World, options: object = {}): redis4.RedisClientOptions {
  const { host, port } = world.cache;
  return withEntra(redis4, world.manager, { socket: { host, port, reconnectStrategy: 1 }, ...options });
}

function adopt(world: World, client: Client): Client {
  client.on('error', (error: Error) => world.errors.push(error));
  onTestFinished(async () => {
    if (client.isOpen) await client.disconnect();
  });
  return client;
}

async function reconnect(world: World, client: Client): Promise<void> {
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  world.cache.cut();
  await ready;
}

describe('redis 4.7.1', () => {
  test('connect/tls-required: a host that is not loopback needs TLS, or a word', async () => {
    const { manager } = await World.start();
    const url = 'redis://cache.example:6379';
    const socket = { host: 'cache.example', port: 6379 };
    const plainText = expect.objectContaining({ code: 'ERR_PLAIN_TEXT' });
    expect(() => withEntra(redis4, manager, { url })).toThrow(plainText);
    expect(() => withEntra(redis4, manager, { socket })).toThrow(plainText);
    withEntra(redis4, manager, { url: 'rediss://cache.example:6380' });
    withEntra(redis4, manager, { socket: { ...socket, tls: true } });
    withEntra(redis4, manager, { url, socket: { tls: true } });
    withEntra(redis4, manager, { socket }, { allowPlainText: true });
  });

  test('connect/tls-required: a cluster whose nodes are elsewhere gets no token in plain text, or a word', async () => {
    const world = await World.start({ cluster: { masters: 1 } });
    const seemFarAway = (message: unknown): void => {
      Object.defineProperty((message as { socket: Socket }).socket, 'remoteAddress', { value: '192.0.2.7' });
    };
    subscribe('net.client.socket', seemFarAway);
    onTestFinished(() => void unsubscribe('net.client.socket', seemFarAway));
    const { host, port } = world.cache;
    const create = (entra?: { allowPlainText: boolean }): redis4.RedisClusterType => {
      const defaults = withEntra(redis4, world.manager, { socket: { reconnectStrategy: false as const } }, entra);
      const cluster = redis4.createCluster({ rootNodes: [{ socket: { host, port } }], defaults });
      cluster.on('error', (error: Error) => world.errors.push(error));
      return cluster as redis4.RedisClusterType;
    };
    await expect(create().connect()).rejects.toThrow('All the root nodes are unavailable');
    const plainText = { code: 'ERR_PLAIN_TEXT', message: expect.stringContaining('192.0.2.7') };
    expect(world.errors).toContainEqual(expect.objectContaining(plainText));
    expect(world.verifier.presented).toEqual([]);
    const allowed = create({ allowPlainText: true });
    await allowed.connect();
    onTestFinished(() => allowed.disconnect());
    expect(await allowed.get('a')).toBeNull();
    expect(new Set(world.verifier.presented)).toEqual(new Set([1]));
  });

  test.each([
    ['a credential in place of the manager', { getToken: () => undefined }, {}, {}, 'createTokenManager(credential)'],
    ['an unknown option', undefined, {}, { plain: true }, 'Unknown option "plain"'],
    [
      'an option of a wrong type',
      undefined,
      {},
      { allowPlainText: 'yes' },
      `Option "allowPlainText" must be a boolean, but is 'yes'`,
    ],
    ['a URL that is none', undefined, { url: 'cache' }, {}, 'options.url: not a URL'],
  ])('%s is named at once', async (_, given, options, entra, words) => {
    const manager = given ?? (await World.start()).manager;
    expect(() => withEntra(redis4, manager as never, options, entra as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining(words) }),
    );
  });

  test.each([
    // What redis 5.0.0 has: no createClientPool.
    ['5.0.0', { createClient: redis5.createClient, createSentinel: redis5.createSentinel }],
    ['5.12.1', redis5],
    ['6.3.1', redis6],
  ])('redis %s in place of redis 4 is named at once', async (_, redis) => {
    const { manager } = await World.start();
    expect(() => withEntra(redis as never, manager, {})).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: expect.stringContaining('entraCredentials(manager)'),
      }),
    );
  });

  test('connect/auth-first, reauth/one-auth: one AUTH on the same connection', async () => {
    const world = await World.start();
    const client = await connected(world);
    const id = await client.sendCommand(['CLIENT', 'ID']);
    await world.renewFor();
    expect(await client.sendCommand(['CLIENT', 'ID'])).toBe(id);
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('connect/waits-for-first-token: commands queue, none fails', async () => {
    const world = await World.start();
    const issue = world.holdToken();
    const client = adopt(world, redis4.createClient(entraOptions(world)) as Client);
    const opened = client.connect();
    const reply = client.ping();
    await until(() => world.cache.connections.length === 1);
    issue();
    await opened;
    expect(await reply).toBe('PONG');
    expect(world.errors).toEqual([]);
  });

  test('reauth/after-reconnects, connect/fresh-on-reconnect: one AUTH after 50 reconnects', async () => {
    const world = await World.start();
    const client = await connected(world);
    for (let i = 0; i < 50; i++) await reconnect(world, client);
    await client.ping();
    await world.renewFor();
    await reconnect(world, client);
    await client.ping();
    expect(world.verifier.presented).toEqual([...Array.from({ length: 51 }, () => 1), 2, 2]);
  });

  test('connect/expired-never-sent: a new token comes first', async () => {
    const world = await World.start();
    const client = await connected(world);
    world.identity.script.push(...Array.from({ length: 1000 }, () => new Error('down')));
    await world.clock.advance(3_700_000);
    const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
    world.cache.cut();
    await until(() => !client.isReady);
    world.identity.script.length = 0;
    await world.pass(ready);
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('reauth/duplicates, topology/pool: duplicates and the isolation pool are kept authenticated', async () => {
    const world = await World.start();
    const client = await connected(world);
    const duplicate = adopt(world, client.duplicate());
    await duplicate.connect();
    await client.executeIsolated((isolated) => isolated.ping());
    await world.renewFor(3);
    expect(world.verifier.presented).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test('reauth/manual-multi: AUTH waits for EXEC', async () => {
    const world = await World.start();
    const client = await connected(world);
    await client.sendCommand(['MULTI']);
    await world.renew();
    const done = world.next('reauthenticated');
    expect(await client.sendCommand(['EXEC'])).toEqual([]);
    await done;
  });

  test('reauth/subscriber-resp2: reconnects with the newest token before expiry', async () => {
    const world = await World.start();
    const client = await connected(world);
    const publisher = await connected(world);
    const received: string[] = [];
    await client.subscribe('news', (message) => received.push(message));
    await world.renewFor();
    const back = new Promise<void>((resolve) => client.once('ready', () => resolve()));
    await world.clock.advance(1_000_000);
    await back;
    await publisher.publish('news', 'again');
    await until(() => received.length > 0);
    expect(world.verifier.presented).toEqual([1, 1, 2, 2]);
  });

  test('reauth/subscriber-resp2: handed over at each renewal, no message lost, same connection', async () => {
    const world = await World.start();
    const client = await connected(world);
    const publisher = await connected(world);
    const [connection] = world.cache.connections.map(({ id }) => id);
    const received = new Set<string>();
    await client.subscribe('news', (message) => received.add(message));
    handOverOnRefresh(client);
    let sent = 0;
    const publishing = (async () => {
      for (let renewals = 0; renewals < 3; renewals++) {
        const done = world.next('reauthenticated', 2);
        await world.renew();
        const over = done.then(() => true);
        while (!(await Promise.race([over, publisher.publish('news', String(sent++)).then(() => false)])));
        await until(() => world.cache.connections.length === 2);
      }
    })();
    await publishing;
    await until(() => received.has(String(sent - 1)));
    expect(received.size).toBe(sent);
    expect(world.logins(connection)).toHaveLength(4);
  });

  test('topology/cluster-every-node: masters and replicas, one request', async () => {
    const world = await World.start({ cluster: { masters: 3, replicasPerMaster: 1 } });
    const { host, port } = world.cache;
    const options = { rootNodes: [{ socket: { host, port } }], useReplicas: true };
    const cluster = redis4.createCluster({ ...options, defaults: withEntra(redis4, world.manager, {}) });
    cluster.on('error', (error: Error) => world.errors.push(error));
    await cluster.connect();
    onTestFinished(() => cluster.disconnect());
    for (const key of ['a', 'b', 'c', 'd']) await (cluster as unknown as TestCluster).set(key, key);
    const connections = world.cache.connections.length;
    expect(connections).toBeGreaterThanOrEqual(6);
    await world.renewFor(connections);
    expect(world.identity.requests).toHaveLength(2);
  });

  test('connect/refused: the placeholder never reaches the cache, a refused token is replaced', async () => {
    const world = await World.start();
    world.verifier.refuse = (jti) => jti === 1;
    const client = adopt(world, redis4.createClient(entraOptions(world)) as Client);
    await world.pass(client.connect());
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('connect/refused: without an access policy the client itself names the object id, and the doctor', async () => {
    const world = await World.start();
    world.verifier.refuse = () => true;
    const { host, port } = world.cache;
    const client = adopt(
      world,
      redis4.createClient(entraOptions(world, { socket: { host, port, reconnectStrategy: false } })) as Client,
    );
    const message = new RegExp(`^WRONGPASS .*object id ${world.identity.objectId}.* npx entra-redis doctor HOST:PORT$`);
    await expect(world.pass(client.connect())).rejects.toThrow(message);
  });

  test('connect/no-userinfo: a URL with a user is refused', async () => {
    const world = await World.start();
    expect(() => entraOptions(world, { url: 'redis://user@localhost' })).toThrow(/user or password/);
  });

  test.each(['user:secret', ':secret', 'user'])(
    'connect/no-userinfo: a root node of a cluster, or a copy, with %s in its URL logs in as nobody',
    async (userInfo) => {
      const world = await World.start({ cluster: { masters: 1 } });
      const { host, port } = world.cache;
      const url = `redis://${userInfo}@${host}:${port}`;
      const defaults = withEntra(redis4, world.manager, {});
      const cluster = redis4.createCluster({ rootNodes: [{ url }], defaults });
      cluster.on('error', (error: Error) => world.errors.push(error));
      await expect(cluster.connect()).rejects.toThrow('All the root nodes are unavailable');
      expect(world.errors).toContainEqual(expect.objectContaining({ code: 'ERR_USERINFO_IN_URL' }));
      const copy = redis4.createClient(entraOptions(world)).duplicate({ url });
      await expect(copy.connect()).rejects.toThrow(expect.objectContaining({ code: 'ERR_USERINFO_IN_URL' }));
      expect(world.cache.timeline.entries.filter(({ event }) => event === 'command')).toEqual([]);
    },
  );
});
