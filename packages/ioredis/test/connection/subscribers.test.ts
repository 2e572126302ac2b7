import type { Socket } from 'node:net';
import { until } from '@entra-redis/test-support';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import {
  addressOf,
  cacheFor,
  closedAtEnd,
  during,
  eventOf,
  Identity,
  loginsOf,
  loseWhileReauthenticating,
  versions,
} from '../support/world.ts';

/** Publishes 0, 1, 2 … on `channel`, many at a time, until `renewals` renewals have reached both connections. */
async function publishDuring(renewals: number, identity: Identity, publisher: Redis, channel: string): Promise<number> {
  let sent = 0;
  const rotate = async (): Promise<void> => {
    for (let rotation = 0; rotation < renewals; rotation++) await identity.renewFor(2);
  };
  await during(rotate(), async () => {
    await Promise.all(Array.from({ length: 20 }, () => publisher.publish(channel, String(sent++))));
  });
  return sent;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

const cases = [
  ...versions.map((version) => ({ ...version, options: {} })),
  ...versions.slice(0, 1).map((version) => ({
    ...version,
    version: `${version.version} with RESP2`,
    resp3: false,
    options: { protocol: 2 as const },
  })),
];

describe.each(cases)('$version', ({ module, resp3, options }) => {
  const title = resp3 ? 'reauth/subscriber-resp3' : 'reauth/subscriber-resp2';

  test(`${title}: in 20 renewals no message is lost, doubled or out of order, on one and the same socket`, async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { record: 'logins' });
    const publisher = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    const subscriber = closedAtEnd(publisher.duplicate());
    const received = { message: [] as number[], pmessage: [] as number[] };
    subscriber.on('message', (_channel, message) => received.message.push(Number(message)));
    subscriber.on('pmessage', (_pattern, _channel, message) => received.pmessage.push(Number(message)));
    await subscriber.subscribe('news', 'weather');
    await subscriber.psubscribe('n?ws');
    const sent = await publishDuring(20, identity, publisher, 'news');
    await subscriber.unsubscribe('weather');
    expect(received).toEqual({ message: upTo(sent), pmessage: upTo(sent) });
    expect(new Set(loginsOf(cache).map(({ connection }) => connection)).size).toBe(2);
  });

  test(`${title}: a subscription that changes during a renewal is kept as the user wanted it`, async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const publisher = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    const subscriber = closedAtEnd(publisher.duplicate());
    await Promise.all([publisher.ping(), subscriber.subscribe('first', 'second')]);
    const rotated = identity.renewFor(2);
    await Promise.all([subscriber.unsubscribe('first'), subscriber.subscribe('third'), rotated]);
    const counts = await Promise.all(['first', 'second', 'third'].map((channel) => publisher.publish(channel, '')));
    expect(counts).toEqual([0, 1, 1]);
  });

  test(`${title}: sharded channels are kept, those of different slots too`, async () => {
    const identity = new Identity();
    // Only a cluster refuses a command whose channels are of different slots.
    const cache = await cacheFor(identity, { cluster: { masters: 1 } });
    const publisher = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    const subscriber = closedAtEnd(publisher.duplicate());
    const received: string[][] = [];
    subscriber.on('smessage', (...args: string[]) => received.push(args));
    const channels = ['one', 'two', '{two}s'];
    for (const channel of channels) await subscriber.ssubscribe(channel);
    await publisher.ping();
    await identity.renewFor(2);
    const counts = await Promise.all(channels.map((channel) => publisher.spublish(channel, 'x')));
    expect(counts).toEqual([1, 1, 1]);
    await until(() => received.length === channels.length);
    expect(received).toEqual(channels.map((channel) => [channel, 'x']));
  });

  test(`${title}: a refused AUTH is told, and leaves the subscriptions as they were`, async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const publisher = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    const subscriber = closedAtEnd(publisher.duplicate());
    await Promise.all([publisher.ping(), subscriber.subscribe('news')]);
    const [connection = 0] = cache.connections.filter((each) => each.subscriber).map(({ id }) => id);
    cache.fault({
      connection,
      match: 'AUTH',
      action: { kind: 'error', message: 'WRONGPASS invalid username-password pair' },
    });
    const refused = new Promise<void>((resolve) => {
      identity.manager.subscribe(({ type }) => type === 'refused' && resolve());
    });
    const rotated = identity.renewFor(2);
    await refused;
    const received = new Promise((resolve) => subscriber.once('message', (_channel, message) => resolve(message)));
    expect(await publisher.publish('news', 'x')).toBe(1);
    expect(await received).toBe('x');
    await rotated;
  });

  test(`${title}: a connection that is lost in the middle of a renewal loses no subscription, whatever is sent again`, async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const publisher = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    const subscriber = closedAtEnd(
      publisher.duplicate({ autoResendUnfulfilledCommands: false, retryStrategy: () => 1 }),
    );
    await Promise.all([publisher.ping(), subscriber.subscribe('news'), subscriber.psubscribe('n*')]);
    const lost = eventOf(subscriber, 'reconnecting');
    await loseWhileReauthenticating(cache, identity);
    await lost;
    if (subscriber.status !== 'ready') await eventOf(subscriber, 'ready');
    await until(async () => (await publisher.publish('news', '')) === 2);
    expect(loginsOf(cache).map(({ connection }) => connection)).toContain(3);
  });

  test('reauth/subscriber-leaves: who unsubscribes from all takes AUTH like any other', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    await redis.subscribe('news');
    await identity.renewFor(1);
    const rotated = identity.renewFor(1);
    await redis.unsubscribe();
    await rotated;
    expect(await redis.get('a')).toBeNull();
    expect(redis.mode).toBe('normal');
  });
});

/** What the socket of `redis` hands to the system from now on, by write. */
function writesOf(redis: Redis): string[] {
  const { stream } = redis as unknown as { stream: Socket };
  const writes: string[] = [];
  const [write, writev] = [stream._write.bind(stream), stream._writev?.bind(stream)];
  stream._write = (chunk: Buffer | string, ...rest) => {
    writes.push(chunk.toString());
    write(chunk, ...rest);
  };
  stream._writev = (chunks, done) => {
    writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
    writev?.(chunks, done);
  };
  return writes;
}

test.each(cases.filter(({ resp3 }) => !resp3))(
  'reauth/subscriber-resp2: $version: leaves its channels, logs in and joins them again in one write',
  async ({ module, options }) => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const subscriber = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    await subscriber.subscribe('news', 'weather');
    await subscriber.psubscribe('n*');
    const writes = writesOf(subscriber);
    await identity.renewFor(1);
    const names = writes.map((text) => [...text.matchAll(/(?:p?unsub|p?sub)scribe|auth/gi)].map(([name]) => name));
    expect(names).toEqual([['unsubscribe', 'punsubscribe', 'auth', 'subscribe', 'psubscribe']]);
  },
);

test.each(cases.filter(({ resp3 }) => !resp3))(
  'reauth/subscriber-resp2: $version: a channel that is not allowed any more is an error that the user hears',
  async ({ module, options }) => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const subscriber = closedAtEnd(new module.Redis(withEntra(identity.manager, addressOf(cache, options))));
    await subscriber.subscribe('news');
    const heard = eventOf(subscriber, 'error');
    cache.fault({
      match: 'SUBSCRIBE',
      action: { kind: 'error', message: 'NOPERM no permissions to access a channel' },
    });
    await identity.renewFor(1);
    const [error] = await heard;
    expect(error).toMatchObject({ message: expect.stringMatching(/^NOPERM/) });
  },
);
