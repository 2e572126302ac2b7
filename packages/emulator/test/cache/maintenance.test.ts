import { createClient as createClient6 } from 'redis';
import { createClient as createClient5 } from 'redis-5';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCache } from '../../src/cache/start-cache.ts';
import type { CacheServer } from '../../src/types.ts';
import { passwords, plain, RawClient } from './helpers.ts';

let cache: CacheServer;
const clients: RawClient[] = [];
beforeEach(async () => {
  cache = await startCache({ verifier: passwords });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await cache.close();
});

async function loggedIn(resp: 2 | 3, port = cache.port): Promise<RawClient> {
  const client = new RawClient(port);
  clients.push(client);
  await client.call('HELLO', String(resp), 'AUTH', 'user', 'secret');
  return client;
}

async function subscribed(type: string, port = cache.port): Promise<RawClient> {
  const client = await loggedIn(3, port);
  expect(plain(await client.call('CLIENT', 'MAINT_NOTIFICATIONS', 'ON', 'moving-endpoint-type', type))).toBe('+OK');
  return client;
}

describe('CLIENT MAINT_NOTIFICATIONS', () => {
  it.each([
    [['ON'], 3, '+OK'],
    [['on', 'Moving-Endpoint-Type', 'EXTERNAL-FQDN'], 3, '+OK'],
    [['OFF'], 3, '+OK'],
    [['ON', 'moving-endpoint-type'], 3, '-ERR syntax error'],
    [['ON', 'moving-endpoint-type', 'anywhere'], 3, '-ERR syntax error'],
    [['MAYBE'], 3, '-ERR syntax error'],
    [['ON'], 2, '-ERR maintenance notifications need RESP3: send HELLO 3 first'],
  ] as const)('%j in RESP%i is answered %s', async (args, resp, answer) => {
    const client = await loggedIn(resp);
    expect(plain(await client.call('CLIENT', 'MAINT_NOTIFICATIONS', ...args))).toBe(answer);
  });

  it('is unknown, as in Redis itself, where the option switches it off', async () => {
    await cache.close();
    cache = await startCache({ verifier: passwords, maintenanceNotifications: false });
    const client = await loggedIn(3);
    const answer = plain(await client.call('CLIENT', 'MAINT_NOTIFICATIONS', 'ON'));
    expect(answer).toBe("-ERR unknown subcommand 'MAINT_NOTIFICATIONS'. Try CLIENT HELP.");
  });
});

describe('maintain', () => {
  it('tells of each kind as Redis Enterprise does, every event with a number of its own', async () => {
    const client = await subscribed('external-ip');
    const to = { host: '10.0.0.1', port: 10_000 };
    for (const event of [
      { kind: 'migrating', timeSeconds: 2, shards: ['27'] },
      { kind: 'migrated', shards: ['27'] },
      { kind: 'failing-over', timeSeconds: 3 },
      { kind: 'failed-over' },
      { kind: 'moving', timeSeconds: 15, to },
    ] as const)
      expect(cache.maintain(event)).toBe(1);
    const pushes = [];
    for (let count = 0; count < 5; count += 1) pushes.push(plain(await client.next()));
    expect(pushes).toEqual([
      { push: ['MIGRATING', 0, 2, '["27"]'] },
      { push: ['MIGRATED', 1, '["27"]'] },
      { push: ['FAILING_OVER', 2, 3, '["1"]'] },
      { push: ['FAILED_OVER', 3, '["1"]'] },
      { push: ['MOVING', 4, 15, '10.0.0.1:10000'] },
    ]);
  });

  it('names the address as the client asked for it: by IP, by name, or not at all', async () => {
    const types = ['internal-ip', 'internal-fqdn', 'none'];
    const asking = await Promise.all(types.map((type) => subscribed(type)));
    expect(cache.maintain({ kind: 'moving', timeSeconds: 15 })).toBe(3);
    const told = await Promise.all(asking.map(async (client) => plain(await client.next())));
    const push = (where: string | null): object => ({ push: ['MOVING', 0, 15, where] });
    expect(told).toEqual([push(`127.0.0.1:${cache.port}`), push(`localhost:${cache.port}`), push(null)]);
  });

  it('does not tell those who did not ask, asked no more, or speak RESP2 by now', async () => {
    await loggedIn(3);
    const left = await subscribed('none');
    await left.call('CLIENT', 'MAINT_NOTIFICATIONS', 'OFF');
    const reset = await subscribed('none');
    await reset.call('RESET');
    await reset.call('HELLO', '3', 'AUTH', 'user', 'secret');
    const older = await subscribed('none');
    await older.call('HELLO', '2');
    expect(cache.maintain({ kind: 'migrated' })).toBe(0);
    for (const client of [left, reset, older]) expect(plain(await client.call('ECHO', 'next'))).toBe('next');
  });

  it('tells those given by CLIENT ID alone', async () => {
    await subscribed('none');
    const second = await subscribed('none');
    expect(cache.maintain({ kind: 'migrated' }, [2])).toBe(1);
    expect(plain(await second.next())).toEqual({ push: ['MIGRATED', 0, '["1"]'] });
  });

  it('sends between two replies', async () => {
    const client = await subscribed('none');
    client.write('BLPOP', 'nothing', '0.05');
    client.write('ECHO', 'after');
    cache.maintain({ kind: 'migrated' });
    const found = [await client.next(), await client.next(), await client.next()].map(plain);
    expect(found).toEqual([{ push: ['MIGRATED', 0, '["1"]'] }, null, 'after']);
  });

  it('cuts whoever is still there when the time of a MOVING is over, told or not, but nobody who came later', async () => {
    const [told, silent] = [await subscribed('none'), await loggedIn(2)];
    cache.maintain({ kind: 'moving', timeSeconds: 0 });
    const later = await loggedIn(2);
    await Promise.all([told.closed, silent.closed]);
    expect(plain(await later.call('ECHO', 'here'))).toBe('here');
    const closed = cache.timeline.entries.filter(({ event }) => event === 'close');
    expect(closed.map(({ text }) => text)).toEqual(['moved', 'moved']);
  });

  it.each([-1, 0.5, Number.NaN])('refuses a time of %s', (timeSeconds) => {
    expect(() => cache.maintain({ kind: 'moving', timeSeconds })).toThrow(/timeSeconds must be a whole number/);
  });
});

describe('addAddress', () => {
  it('serves the same keys, writes included, under an address that the timeline names', async () => {
    const there = await cache.addAddress();
    expect(there.port).not.toBe(cache.port);
    const [here, beyond] = [await loggedIn(2), await loggedIn(2, there.port)];
    expect(plain(await beyond.call('SET', 'a', '1'))).toBe('+OK');
    expect(plain(await here.call('GET', 'a'))).toBe('1');
    expect(JSON.stringify(plain(await beyond.call('INFO', 'replication')))).toContain('role:master');
    const nodes = cache.timeline.entries.filter(({ event }) => event === 'login').map(({ node }) => node);
    expect(nodes).toEqual(['node-1', 'node-2']);
  });

  it('is not for clusters', async () => {
    await cache.close();
    cache = await startCache({ verifier: passwords, cluster: { masters: 1 } });
    await expect(cache.addAddress()).rejects.toThrow(/without the option "cluster"/);
  });
});

/** What the two versions share, as seen by this test. */
interface NodeRedis {
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(args: string[]): Promise<unknown>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}
const options = (port: number): object => ({
  socket: { host: '127.0.0.1', port },
  username: 'user',
  password: 'secret',
});
const nodeRedis: [string, (port: number) => NodeRedis][] = [
  ['redis 5', (port) => createClient5({ ...options(port), RESP: 3, maintNotifications: 'enabled' })],
  ['redis 6', (port) => createClient6({ ...options(port), maintNotifications: 'enabled' })],
];

describe.each(nodeRedis)('%s', (_name, create) => {
  it('asks, and moves to the other address with its commands', async () => {
    const client = create(cache.port);
    client.on('error', () => undefined);
    await client.connect();
    const there = await cache.addAddress();
    expect(cache.maintain({ kind: 'moving', timeSeconds: 60, to: there })).toBe(1);
    const [old] = cache.connections;
    while (cache.connections.some(({ id }) => id === old?.id)) await client.sendCommand(['PING']);
    expect(await client.sendCommand(['SET', 'a', '1'])).toBe('OK');
    expect(await client.sendCommand(['GET', 'a'])).toBe('1');
    expect(there.connections).toHaveLength(1);
    client.destroy();
  });
});
