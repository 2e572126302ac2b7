import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { until } from '@entra-redis/test-support';
import { describe, expect, test } from 'vitest';
import { handOver, handOverOnRefresh } from '../../src/index.ts';
import { type TestClient, type Version, versions } from '../support/clients.ts';
import { announcements, clientId, title, World } from '../support/world.ts';

const withProtocol = (RESP: 2 | 3): (readonly [string, Version])[] =>
  versions.filter((version) => version.RESP === RESP).map((version) => [title(version), version] as const);

/** Publishes numbers without a pause until stopped; says which were sent. */
function publish(client: TestClient, channel: string): () => Promise<number> {
  const stop = new AbortController();
  const running = (async () => {
    let sent = 0;
    while (!stop.signal.aborted) {
      await client.sendCommand(['PUBLISH', channel, String(sent)]);
      sent += 1;
    }
    return sent;
  })();
  return () => {
    stop.abort();
    return running;
  };
}

const missing = (received: readonly string[], sent: number): number[] => {
  const seen = new Set(received.map(Number));
  return Array.from({ length: sent }, (_, i) => i).filter((i) => !seen.has(i));
};

describe.each(withProtocol(3))('redis %s', (_name, version) => {
  test('reauth/subscriber-resp3: AUTH on the same socket, no message lost', async () => {
    const world = await World.start();
    const subscriber = await world.connected(version);
    const publisher = await world.connected(version);
    const id = await clientId(subscriber);
    const received: string[] = [];
    await subscriber.subscribe('news', (message) => received.push(message));
    const stop = publish(publisher, 'news');
    await until(() => received.length > 50);
    await world.renewFor(2);
    await until(() => received.length > 100);
    const sent = await stop();
    await subscriber.ping();
    expect(received).toEqual(Array.from({ length: sent }, (_, i) => String(i)));
    expect(await clientId(subscriber)).toBe(id);
  });
});

describe.each(withProtocol(2))('redis %s', (_name, version) => {
  test('reauth/subscriber-resp2: reconnects with the newest token before expiry where nobody hands it over', async () => {
    const world = await World.start();
    const subscriber = await world.connected(version);
    const publisher = await world.connected(version);
    const received: string[] = [];
    await subscriber.subscribe('news', (message) => received.push(message));
    await world.renewFor();
    expect(world.verifier.presented).toEqual([1, 1, 2]);
    const announced = announcements();
    const back = new Promise<void>((resolve) => subscriber.once('ready', () => resolve()));
    await world.clock.advance(1_000_000);
    await back;
    expect(announced).toEqual([{ connection: world.connectionIdentity, reason: 'subscriber' }]);
    expect(world.verifier.presented).toEqual([1, 1, 2, 2]);
    await publisher.sendCommand(['PUBLISH', 'news', 'again']);
    await until(() => received.length > 0);
    expect(world.count('reauthentication-failed')).toBe(0);
  });

  test('reauth/subscriber-resp2: handed over at each renewal, no message lost, same connection', async () => {
    const world = await World.start();
    const subscriber = await world.connected(version);
    const publisher = await world.connected(version);
    const [connection] = world.cache.connections.map(({ id }) => id);
    const received: string[] = [];
    const patterns: string[] = [];
    await subscriber.subscribe('news', (message) => received.push(message));
    handOverOnRefresh(subscriber);
    await subscriber.pSubscribe('new?', (message) => patterns.push(message));
    // Once for each subscription, as users do: two at a time would lose messages.
    handOverOnRefresh(subscriber);
    const stop = publish(publisher, 'news');
    for (let renewals = 0; renewals < 3; renewals++) {
      await world.renewFor(2);
      const seen = received.length;
      await until(() => received.length > seen + 20 && world.cache.connections.length === 2);
    }
    const sent = await stop();
    await until(() => received.includes(String(sent - 1)) && patterns.includes(String(sent - 1)));
    expect(missing(received, sent)).toEqual([]);
    expect(missing(patterns, sent)).toEqual([]);
    expect(world.cache.connections.map(({ id }) => id)).toContain(connection);
    expect(world.logins(connection)).toHaveLength(4);
  });

  test.each(['UNSUBSCRIBE', 'AUTH'])(
    'reauth/subscriber-resp2: a reconnect while its %s has no answer loses nothing',
    async (unanswered) => {
      const world = await World.start();
      const subscriber = await world.connected(version);
      const publisher = await world.connected(version);
      const received: string[] = [];
      await subscriber.subscribe('news', (message) => received.push(message));
      await world.renewFor();
      const { presented } = world.verifier;
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      // The stand-in has logged in by then.
      world.verifier.hold = () => (presented.length > 4 ? released : undefined);
      if (unanswered !== 'AUTH') world.cache.fault({ match: unanswered, action: { kind: 'hold', until: released } });
      const handedOver = handOver(subscriber).catch(() => undefined);
      const stop = publish(publisher, 'news');
      await until(() => presented.length === 5 || world.cache.timeline.entries.some(({ event }) => event === 'fault'));
      const logins = presented.length;
      await world.clock.advance(1_000_000);
      await until(() => presented.length > logins);
      const seen = received.length;
      await until(() => received.length > seen + 20);
      release();
      await handedOver;
      const sent = await stop();
      await until(() => received.includes(String(sent - 1)));
      expect(missing(received, sent)).toEqual([]);
      await until(() => world.cache.connections.length === 2);
    },
  );

  test('reauth/subscriber-leaves: the deferred AUTH goes out at once', async () => {
    const world = await World.start();
    const subscriber = await world.connected(version);
    await subscriber.subscribe('news', () => undefined);
    await world.renew();
    const done = world.next('reauthenticated');
    await subscriber.unsubscribe('news');
    await done;
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('reauth/subscriber-leaves: what it leaves, or joins, while its stand-in connects stays so', async () => {
    const world = await World.start();
    const subscriber = await world.connected(version);
    const received: string[] = [];
    await subscriber.subscribe('news', (message) => received.push(message));
    await subscriber.subscribe('sport', (message) => received.push(message));
    await world.renew();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The login of the stand-in.
    world.verifier.hold = () => (world.verifier.presented.length === 2 ? released : undefined);
    const handedOver = handOver(subscriber);
    await until(() => world.verifier.presented.length === 2);
    await subscriber.unsubscribe('news');
    await subscriber.subscribe('weather', (message) => received.push(message));
    release();
    await handedOver;
    const publisher = await world.connected(version);
    const receivers = ['news', 'sport', 'weather'].map((channel) =>
      publisher.sendCommand(['PUBLISH', channel, channel]),
    );
    expect(await Promise.all(receivers)).toEqual([0, 1, 1]);
    await until(() => received.length === 2);
    expect(world.count('reauthenticated')).toBe(1);
  });

  test('reauth/subscriber-leaves: of what it joins while its stand-in subscribes no message is lost', async () => {
    const world = await World.start();
    const subscriber = await world.connected(version);
    const publisher = await world.connected(version);
    const patterns: string[] = [];
    await subscriber.subscribe('news', () => undefined);
    await world.renewFor();
    let release = (): void => undefined;
    const joined = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.cache.fault({ match: 'SUBSCRIBE', action: { kind: 'hold', until: joined } });
    const handedOver = handOver(subscriber);
    await until(() => world.cache.timeline.entries.some(({ event }) => event === 'fault'));
    await subscriber.pSubscribe('new?', (message) => patterns.push(message));
    release();
    const stop = publish(publisher, 'news');
    await handedOver;
    const sent = await stop();
    await until(() => patterns.includes(String(sent - 1)));
    expect(missing(patterns, sent)).toEqual([]);
    expect(world.count('reauthenticated')).toBe(2);
  });

  test('handOver() leaves a client without subscriptions alone, and names a foreign one', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    await handOver(client);
    expect(world.verifier.presented).toEqual([1]);
    const foreign = version.library.createClient({});
    await expect(handOver(foreign)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
  });
});

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/unsubscribed: a connection that subscribed and unsubscribed reads its replies no more', async () => {
    const world = await World.start();
    const sockets: Socket[] = [];
    const note = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
    subscribe('net.client.socket', note);
    const client = await world.connected(version);
    unsubscribe('net.client.socket', note);
    const readers = (): number => sockets.reduce((sum, socket) => sum + socket.listenerCount('data'), 0);
    const before = readers();
    for (let round = 0; round < 3; round++) {
      await Promise.all(['a', 'b', 'c'].map((channel) => client.subscribe(channel, () => undefined)));
      await Promise.all(['a', 'b', 'c'].map((channel) => client.unsubscribe(channel)));
    }
    expect(readers()).toBe(before);
    await world.renewFor();
  });
});
