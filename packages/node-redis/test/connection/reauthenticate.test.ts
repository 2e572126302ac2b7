import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { until } from '@entra-redis/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accessOf } from '../../src/connection/provider-access.ts';
import type { ConnectionGroup } from '../../src/connection/connection-group.ts';
import { versions } from '../support/clients.ts';
import { clientId, reconnect, title, World } from '../support/world.ts';

/** The sockets that are made from now on. */
function collectSockets(): Socket[] {
  const sockets: Socket[] = [];
  const collect = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', collect);
  onTestFinished(() => void unsubscribe('net.client.socket', collect));
  return sockets;
}

describe.each(versions.map((version) => [title(version), version] as const))('redis %s', (_name, version) => {
  test('reauth/one-auth: exactly one AUTH on the same connection', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    await world.renewFor();
    await world.renewFor();
    expect(await clientId(client)).toBe(id);
    expect(world.verifier.presented).toEqual([1, 2, 3]);
    expect(world.logins(id).slice(1)).toEqual([
      { via: 'AUTH', connection: id },
      { via: 'AUTH', connection: id },
    ]);
    const told = expect.objectContaining({ connection: world.connectionIdentity });
    expect(world.events.filter(({ type }) => type === 'reauthenticated')).toEqual([told, told]);
  });

  test('reauth/one-auth: an onReAuthenticationError of the user hears of no AUTH that succeeds', async () => {
    const world = await World.start();
    const told: Error[] = [];
    const onReAuthenticationError = (error: Error): void => void told.push(error);
    const credentialsProvider = {
      ...world.provider,
      subscribe: world.provider.subscribe.bind(world.provider),
      onReAuthenticationError,
    };
    const client = await world.connected(version, { credentialsProvider });
    await world.renewFor();
    await client.ping();
    expect(told).toEqual([]);
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('reauth/after-reconnects: one AUTH after 50 reconnects', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    for (let i = 0; i < 50; i++) await reconnect(world, client);
    await client.ping();
    await world.renewFor();
    await client.ping();
    expect(world.verifier.presented).toEqual([...Array.from({ length: 51 }, () => 1), 2]);
    expect(world.count('reauthenticated')).toBe(1);
  });

  test('reauth/refused: a forced renewal and one retry on the same connection', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    world.verifier.refuse = (jti) => jti === 2;
    const done = world.next('reauthenticated');
    await world.renew();
    await world.pass(done);
    expect(world.verifier.presented).toEqual([1, 2, 3]);
    expect(await client.ping()).toBe('PONG');
  });

  test('reauth/offline-refreshes: only the newest token is sent', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    await world.outage(async () => {
      await until(() => !client.isReady);
      for (let renewals = 0; renewals < 3; renewals++) await world.renew();
    });
    await until(() => client.isReady);
    await client.ping();
    expect(world.verifier.presented).toEqual([1, 4]);
  });

  test('reauth/offline-refreshes: an AUTH that was queued when the connection died does not carry its old token', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    await world.outage(async () => {
      await world.renew();
      await until(() => !client.isReady);
      await world.renew();
    });
    await until(() => client.isReady);
    await client.ping();
    expect(new Set(world.verifier.presented)).toEqual(new Set([1, 3]));
  });

  test('reauth/after-reconnects: an AUTH that was queued when the connection died does not follow a login with the same token', async () => {
    const world = await World.start();
    const sockets = collectSockets();
    const client = await world.connected(version);
    const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
    await world.renew();
    // Within the turn in which the AUTH was queued: it has not been written.
    for (const socket of sockets) socket.destroy();
    await ready;
    expect(await client.ping()).toBe('PONG');
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('reauth/manual-multi: AUTH waits for EXEC', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    await client.sendCommand(['MULTI']);
    await world.renew();
    await client.sendCommand(['SET', 'a', '1']);
    const done = world.next('reauthenticated');
    expect(await client.sendCommand(['EXEC'])).toEqual(['OK']);
    await done;
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('reauth/manual-multi: an open transaction is not cut at the deadline, because EXEC may still come', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    await client.sendCommand(['MULTI']);
    await world.renew();
    await world.clock.advance(1_000_000);
    const done = world.next('reauthenticated');
    expect(await client.sendCommand(['EXEC'])).toEqual([]);
    await done;
    expect(await clientId(client)).toBe(id);
  });

  test('reauth/manual-multi: a MULTI that was still queued keeps the AUTH out as well', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const done = world.next('reauthenticated');
    const multi = client.sendCommand(['MULTI']);
    await world.renew();
    expect(await multi).toBe('OK');
    await client.sendCommand(['SET', 'a', '1']);
    expect(await client.sendCommand(['EXEC'])).toEqual(['OK']);
    await done;
    expect(world.verifier.presented).toEqual([1, 2]);
    expect(world.count('reauthentication-failed')).toBe(0);
  });

  test('reauth/manual-multi: an AUTH that a pipelined MULTI ... EXEC kept out goes out at once', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const done = world.next('reauthenticated');
    const multi = client.sendCommand(['MULTI']);
    await world.renew();
    expect(await Promise.all([multi, client.sendCommand(['EXEC'])])).toEqual(['OK', []]);
    await done;
    expect(world.verifier.presented).toEqual([1, 2]);
  });

  test('reauth/multi: AUTH stays outside MULTI ... EXEC', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const done = world.next('reauthenticated');
    const results = Array.from({ length: 20 }, () => client.multi().set('a', '1').exec());
    await world.renew();
    for (const result of await Promise.all(results)) expect(result).toEqual(['OK']);
    await done;
  });

  test('reauth/pipeline: every reply matches its command', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const done = world.next('reauthenticated');
    const replies = Array.from({ length: 10_000 }, (_, i) => client.sendCommand(['ECHO', String(i)]));
    await world.renew();
    expect(await Promise.all(replies)).toEqual(Array.from({ length: 10_000 }, (_, i) => String(i)));
    await done;
  });

  test('reauth/duplicates, reauth/two-clients: each keeps itself authenticated, with one request', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const duplicate = world.adopt(client.duplicate());
    await duplicate.connect();
    const second = world.adopt(duplicate.duplicate());
    await second.connect();
    await world.renewFor(3);
    expect(world.verifier.presented).toEqual([1, 1, 1, 2, 2, 2]);
    expect(world.identity.requests).toHaveLength(2);
  });

  test.each(['close', 'quit', 'destroy', 'disconnect'] as const)(
    'reauth/close-unsubscribes: %s releases, another client goes on',
    async (way) => {
      const world = await World.start();
      const client = await world.connected(version);
      const other = await world.connected(version);
      await client[way]();
      await until(() => world.cache.connections.length === 1);
      await world.renewFor();
      expect(world.verifier.presented).toEqual([1, 1, 2]);
      expect(await other.ping()).toBe('PONG');
    },
  );

  test('reauth/close-unsubscribes: nothing holds a connection that has ended, whoever ended it', async () => {
    const world = await World.start();
    const { live } = accessOf(world.provider) as ConnectionGroup;
    for (const way of ['close', 'quit', 'destroy', 'disconnect'] as const) {
      const client = await world.connected(version);
      expect(live.size).toBe(1);
      await client[way]();
      await until(() => world.cache.connections.length === 0);
      await until(() => live.size === 0);
    }
    const client = await world.connected(version);
    const [first] = live;
    await reconnect(world, client);
    expect(live.size).toBe(1);
    expect([...live]).not.toContain(first);
    await client.reset();
    expect(live.size).toBe(1);
  });

  test('reset() on a live connection keeps it authenticated', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    await client.reset();
    await world.renewFor();
    expect(await clientId(client)).toBe(id);
    expect(world.verifier.presented).toEqual([1, 1, 2]);
  });

  test.each(['subscribe', 'unsubscribe', 'psubscribe'])(
    'reauth/one-auth: a Buffer that reads %s, as a value, makes no subscriber',
    async (word) => {
      const world = await World.start();
      const sockets = collectSockets();
      const client = await world.connected(version);
      const readers = (): number => sockets.reduce((sum, socket) => sum + socket.listenerCount('data'), 0);
      const before = readers();
      await client.sendCommand(['SET', 'key', Buffer.from(word)]);
      await client.sendCommand(['ECHO', Buffer.from(word)]);
      expect(readers()).toBe(before);
      await world.renewFor();
      expect(world.verifier.presented).toEqual([1, 2]);
    },
  );

  test('reset() of a subscriber makes it a client that can authenticate', async () => {
    const world = await World.start();
    const client = await world.connected(version);
    const id = await clientId(client);
    await client.subscribe('news', () => undefined);
    await client.reset();
    await world.renewFor();
    expect(await clientId(client)).toBe(id);
    expect(world.verifier.presented).toEqual([1, 1, 2]);
  });
});
