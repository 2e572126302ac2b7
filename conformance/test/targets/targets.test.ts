import { eventually, Progress } from '@entra-redis/redis-server';
import { Cluster, Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { fake } from '../../src/targets/fake.ts';
import { redisCluster } from '../../src/targets/redis-cluster.ts';
import { redisSentinel } from '../../src/targets/redis-sentinel.ts';
import { redisStandalone, redisTls, valkey } from '../../src/targets/single-server.ts';
import type { Endpoint, RunningTarget, Target } from '../../src/targets/target.ts';

const lifetimeMs = 60_000;
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(target: Target): Promise<RunningTarget> {
  const running = await target.start({ lifetimeMs });
  closers.push(() => running.close());
  return running;
}

/** A plain client with one token, connected as a user of this topology would. */
async function connect({ endpoint, entra }: RunningTarget, password?: string): Promise<Redis | Cluster> {
  const { host, port, ca, servername } = endpoint;
  const token = await entra.issueToken();
  const options = {
    username: token.objectId,
    password: password ?? token.value,
    retryStrategy: () => 50,
    ...(ca !== undefined && { tls: { ca, ...(servername !== undefined && { servername }) } }),
  };
  const client =
    endpoint.topology === 'cluster'
      ? new Cluster([{ host, port }], { redisOptions: options, slotsRefreshTimeout: 5000 })
      : new Redis({ ...options, ...(endpoint.masterName === undefined ? { host, port } : viaSentinel(endpoint)) });
  client.on('error', () => undefined);
  closers.push(async () => client.disconnect());
  return client;
}

function viaSentinel({ host, port, masterName = '' }: Endpoint): {
  sentinels: { host: string; port: number }[];
  name: string;
} {
  return { sentinels: [{ host, port }], name: masterName };
}

const found = process.env['VALKEY_SERVER'] ? [valkey] : [];

describe.each([fake, redisStandalone, redisTls, ...found])('$name', (target) => {
  test('serves who logs in with a token, and shows the login in the timeline', async () => {
    const running = await start(target);
    const client = await connect(running);
    expect(await client.set('key', 'value')).toBe('OK');
    expect(await client.get('key')).toBe('value');
    const login = running.timeline.entries.find(({ event }) => event === 'login');
    expect(login?.login?.username).toBe(running.entra.objectId);
  });

  test('refuses anything that is no token of its Entra', async () => {
    const running = await start(target);
    const client = await connect(running, 'not a token');
    await expect(client.get('key')).rejects.toThrow(/WRONGPASS|NOAUTH/);
    expect(running.timeline.entries.some(({ event }) => event === 'login')).toBe(false);
  });

  test('meets faults on command, and forgets them', async () => {
    const running = await start(target);
    const client = await connect(running);
    await client.ping();
    running.fault({ match: 'GET', times: Number.POSITIVE_INFINITY, action: { kind: 'error', message: 'ERR a fault' } });
    await expect(client.get('key')).rejects.toThrow('ERR a fault');
    running.heal();
    expect(await client.get('key')).toBeNull();
  });

  test('moves to another address: tells who asked, cuts everybody', async () => {
    const running = await start(target);
    const [client, asking] = [await connect(running), await connect(running)];
    expect(await asking.call('CLIENT', 'MAINT_NOTIFICATIONS', 'ON')).toBe('OK');
    const [silent, told] = [await client.call('CLIENT', 'ID'), await asking.call('CLIENT', 'ID')];
    expect(await running.maintain?.(0)).toBe(1);
    const { timeline } = running;
    const withText = (text: string): unknown[] =>
      timeline.entries.filter((entry) => entry.text === text).map(({ connection }) => connection);
    const moved = (): boolean => [silent, told].every((id) => withText('moved').includes(id));
    await eventually('both are cut', new Progress(), async () => moved() || undefined);
    expect(new Set(withText('moved'))).toEqual(new Set([silent, told]));
    expect(withText('>MOVING 4')).toEqual([told]);
    await eventually('it is back', new Progress(), () => client.ping().catch(() => undefined));
  });

  test('cuts connections on command', async () => {
    const running = await start(target);
    const client = await connect(running);
    await client.ping();
    const cut = new Promise((resolve) => client.once('close', resolve));
    running.cut();
    await cut;
    expect(await client.ping()).toBe('PONG');
  });
});

test('redis-tls shows a certificate that names localhost only', async () => {
  const { endpoint } = await start(redisTls);
  expect(endpoint.servername).toBe('localhost');
  const client = new Redis({ host: endpoint.host, port: endpoint.port, tls: { ca: endpoint.ca }, lazyConnect: true });
  const failed = new Promise((resolve) => client.once('error', resolve));
  closers.push(async () => client.disconnect());
  client.connect().catch(() => undefined);
  expect(await failed).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

describe('redis-cluster', () => {
  test('clients find every node through its gate, follow a moved slot and a failover', {
    timeout: 60_000,
  }, async () => {
    const running = await start(redisCluster);
    const client = await connect(running);
    const gates = new Set(running.timeline.entries.map(({ node }) => node));
    expect([...gates].every((name) => name?.startsWith('node-'))).toBe(true);
    for (const key of ['foo', 'bar', 'hello']) await client.set(key, key);
    const ports = (client as Cluster).nodes('all').map(({ options }) => options.port);
    expect(new Set(ports).size).toBe(6);

    await running.addNode?.();
    await running.moveSlot?.(slotOfFoo);
    expect(await client.get('foo')).toBe('foo');
    expect(running.timeline.entries.some(({ node, event }) => node === 'node-7' && event === 'login')).toBe(true);

    await running.failover?.();
    for (const key of ['foo', 'bar', 'hello']) expect(await client.get(key)).toBe(key);
    const logins = running.timeline.entries.filter(({ event }) => event === 'login');
    expect(new Set(logins.map(({ login }) => login?.username))).toEqual(new Set([running.entra.objectId]));
  });
});

describe('redis-sentinel', () => {
  test('clients find the master through its gate, again after each failover', { timeout: 60_000 }, async () => {
    const running = await start(redisSentinel);
    const client = await connect(running);
    const nodes = new Set<string | undefined>();
    for (const value of ['before', 'after', 'after another']) {
      if (value !== 'before') await running.failover?.();
      await eventually('it writes', new Progress(), () => client.set('key', value).catch(() => undefined));
      expect(await client.get('key')).toBe(value);
      nodes.add(running.timeline.entries.findLast(({ args }) => args?.[0] === 'get')?.node);
    }
    expect(nodes.size).toBeGreaterThan(1);
    expect([...nodes]).not.toContain('sentinel');
    const anonymous = running.timeline.entries.filter(({ text }) => text?.startsWith('-NOAUTH'));
    expect(anonymous).toEqual([]);
  });
});

/** CLUSTER KEYSLOT foo. */
const slotOfFoo = 12_182;
