import { startRedisServer } from '@entra-redis/redis-server';
import { until } from '@entra-redis/test-support';
import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createClient as createClient6 } from 'redis';
import { createClient as createClient4 } from 'redis-4';
import { createClient as createClient5 } from 'redis-5';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startGate } from '../../src/gate/start-gate.ts';
import { createCertificateAuthority } from '../../src/tls/certificates.ts';
import { passwords } from '../cache/helpers.ts';
import { bench } from './setup.ts';

const bed = bench();

/** What the clients share, as seen by these tests. */
interface Client {
  send(...args: string[]): Promise<unknown>;
  transaction(key: string): Promise<unknown[]>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  close(): Promise<unknown> | void;
}

type NodeRedis = Pick<ReturnType<typeof createClient4>, 'connect' | 'sendCommand'> & {
  on(event: 'error', listener: () => void): unknown;
  multi(): { set(key: string, value: string): { incr(key: string): { exec(): Promise<unknown[]> } } };
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  disconnect(): Promise<unknown> | void;
};

async function fromNodeRedis(client: unknown): Promise<Client> {
  const redis = client as NodeRedis;
  redis.on('error', () => undefined);
  await redis.connect();
  return {
    send: (...args) => redis.sendCommand(args),
    transaction: (key) => redis.multi().set(key, '1').incr(key).exec(),
    subscribe: (channel, listener) => redis.subscribe(channel, listener),
    close: () => redis.disconnect(),
  };
}

async function fromIoredis(client: unknown): Promise<Client> {
  const redis = client as Redis6;
  return {
    send: (command = '', ...args) => redis.call(command, ...args),
    transaction: async (key) => ((await redis.multi().set(key, 1).incr(key).exec()) ?? []).map(([, result]) => result),
    subscribe: (channel, listener) => {
      redis.on('message', (_channel: string, message: string) => listener(message));
      return redis.subscribe(channel);
    },
    close: () => redis.disconnect(),
  };
}

const url = (port: number): string => `redis://user:secret@127.0.0.1:${port}`;
const login = { username: 'user', password: 'secret' };
const clients: [string, (port: number) => Promise<Client>][] = [
  ['redis 4', (port) => fromNodeRedis(createClient4({ url: url(port) }))],
  ['redis 5, RESP 2', (port) => fromNodeRedis(createClient5({ url: url(port) }))],
  ['redis 5, RESP 3', (port) => fromNodeRedis(createClient5({ url: url(port), RESP: 3 }))],
  ['redis 6, RESP 2', (port) => fromNodeRedis(createClient6({ url: url(port), RESP: 2 }))],
  ['redis 6, RESP 3', (port) => fromNodeRedis(createClient6({ url: url(port), RESP: 3 }))],
  ['ioredis 5', (port) => fromIoredis(new Redis5({ port, ...login }))],
  ['ioredis 6', (port) => fromIoredis(new Redis6({ port, ...login }))],
];

describe.each(clients)('%s through the gate', (_name, create) => {
  test('pipelines, transactions, blocked commands, subscriptions, logins in between', async () => {
    const [client, other] = [await create(bed.gate.port), await create(bed.gate.port)];
    const id = await client.send('CLIENT', 'ID');
    const sent = Array.from({ length: 10_000 }, async (_, index) =>
      index % 1000 === 500
        ? (await client.send('AUTH', 'user', 'secret')) === 'OK'
        : (await client.send('ECHO', String(index))) === String(index),
    );
    expect((await Promise.all(sent)).filter((matched) => !matched)).toEqual([]);
    expect(await client.transaction('counter')).toEqual(['OK', 2]);
    const blocking = Number(await other.send('CLIENT', 'ID'));
    const popped = other.send('BLPOP', 'list', '0');
    await until(async () => / flags=\S*b/.test(String(await client.send('CLIENT', 'LIST', 'ID', String(blocking)))));
    expect(await client.send('RPUSH', 'list', 'x')).toBe(1);
    expect(await popped).toEqual(['list', 'x']);
    const message = new Promise(
      (resolve) => void other.subscribe('news', resolve).then(() => client.send('PUBLISH', 'news', 'hi')),
    );
    expect(await message).toBe('hi');
    expect(await client.send('CLIENT', 'ID')).toBe(id);
    expect(bed.gate.connections.find((connection) => connection.id === id)?.username).toBe('user');
    await Promise.all([client.close(), other.close()]);
  });

  test('a client that is cut at expiry comes back', async () => {
    const client = await create(bed.gate.port);
    const id = Number(await client.send('CLIENT', 'ID'));
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await client.send('AUTH', 'user', `secret:${Date.now() + 50}`);
    vi.advanceTimersByTime(50);
    // The client's own timers run as they do for users.
    vi.useRealTimers();
    expect(bed.entries('expired').map(({ connection }) => connection)).toEqual([id]);
    await until(async () => Number(await client.send('CLIENT', 'ID').catch(() => id)) > id);
    await client.close();
  });
});

test('TLS from the client to the gate, and from the gate to the server', async () => {
  const identity = await (await createCertificateAuthority()).issue(['localhost']);
  await using redis = await startRedisServer({ tls: identity });
  const upstream = { host: redis.host, port: redis.port, tls: { ca: identity.ca, servername: 'localhost' } };
  await using gate = await startGate({ verifier: passwords, upstream, tls: identity });
  const client = new Redis6({ port: gate.port, ...login, tls: { ca: gate.tls?.ca ?? '', servername: 'localhost' } });
  expect(await client.set('key', 'v'.repeat(1_000_000))).toBe('OK');
  expect(await client.strlen('key')).toBe(1_000_000);
  expect(await client.get('key')).toHaveLength(1_000_000);
  client.disconnect();
});
