import { Redis as Redis6 } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { createClient as createClient6 } from 'redis';
import { createClient as createClient4 } from 'redis-4';
import { createClient as createClient5 } from 'redis-5';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCache } from '../../src/cache/start-cache.ts';
import type { CacheServer } from '../../src/types.ts';
import { passwords } from './helpers.ts';

let cache: CacheServer;
beforeEach(async () => {
  cache = await startCache({ verifier: passwords });
});
afterEach(() => cache.close());

/** The few calls that the versions of node-redis share, as seen by this test. */
interface NodeRedis {
  connect(): Promise<unknown>;
  destroy?: () => void;
  disconnect(): Promise<unknown> | void;
  duplicate(): NodeRedis;
  sendCommand(args: string[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  pSubscribe(pattern: string, listener: (message: string) => void): Promise<unknown>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  multi(): { set(key: string, value: string): { incr(key: string): { exec(): Promise<unknown> } } };
}

const nodeRedis: [string, (port: number) => NodeRedis][] = [
  ['redis 4', (port) => createClient4({ url: `redis://user:secret@127.0.0.1:${port}` })],
  ['redis 5', (port) => createClient5({ url: `redis://user:secret@127.0.0.1:${port}` })],
  ['redis 5, RESP 3', (port) => createClient5({ url: `redis://user:secret@127.0.0.1:${port}`, RESP: 3 })],
  ['redis 6', (port) => createClient6({ url: `redis://user:secret@127.0.0.1:${port}` })],
  ['redis 6, RESP 2', (port) => createClient6({ url: `redis://user:secret@127.0.0.1:${port}`, RESP: 2 })],
];

describe.each(nodeRedis)('%s', (_name, create) => {
  it('reads, writes, blocks, subscribes and runs transactions', async () => {
    const client = create(cache.port);
    const other = client.duplicate();
    for (const one of [client, other]) {
      one.on('error', () => undefined);
      await one.connect();
    }
    expect(await client.sendCommand(['SET', 'a', '1'])).toBe('OK');
    expect(await client.sendCommand(['INCR', 'a'])).toBe(2);
    expect(await client.sendCommand(['ACL', 'WHOAMI'])).toBe('user');
    const popped = other.sendCommand(['BLPOP', 'list', '0']);
    expect(await client.sendCommand(['RPUSH', 'list', 'x'])).toBe(1);
    expect(await popped).toEqual(['list', 'x']);
    expect(await client.multi().set('b', '5').incr('b').exec()).toEqual(['OK', 6]);
    const heard: string[] = [];
    let arrived = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const listener = (message: string): void => {
      if (heard.push(message) === 2) arrived();
    };
    await other.subscribe('news', listener);
    await other.pSubscribe('n*s', listener);
    expect(await client.sendCommand(['PUBLISH', 'news', 'hi'])).toBe(2);
    await both;
    expect(heard).toEqual(['hi', 'hi']);
    for (const one of [client, other]) await (one.destroy === undefined ? one.disconnect() : one.destroy());
  });
});

const ioredis: [string, (port: number) => Redis6][] = [
  ['ioredis 5', (port) => new Redis5({ port, username: 'user', password: 'secret' }) as unknown as Redis6],
  ['ioredis 6', (port) => new Redis6({ port, username: 'user', password: 'secret' })],
];

describe.each(ioredis)('%s', (_name, create) => {
  it('reads, writes, blocks, subscribes and runs transactions', async () => {
    const client = create(cache.port);
    const other = client.duplicate();
    expect(await client.set('a', 1)).toBe('OK');
    expect(await client.incr('a')).toBe(2);
    expect(await client.call('ACL', 'WHOAMI')).toBe('user');
    const popped = other.blpop('list', 0);
    expect(await client.rpush('list', 'x')).toBe(1);
    expect(await popped).toEqual(['list', 'x']);
    expect(await client.multi().set('b', 5).incr('b').exec()).toEqual([
      [null, 'OK'],
      [null, 6],
    ]);
    await other.subscribe('news');
    const message = new Promise((resolve) => other.once('message', (channel, text) => resolve([channel, text])));
    expect(await client.publish('news', 'hi')).toBe(1);
    expect(await message).toEqual(['news', 'hi']);
    client.disconnect();
    other.disconnect();
  });
});
