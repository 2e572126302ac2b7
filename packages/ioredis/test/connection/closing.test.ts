import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { CacheServer } from '@entra-redis/emulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import { addressOf, cacheFor, closedAtEnd, deferred, eventOf, Identity, loginsOf, versions } from '../support/world.ts';

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test('life/close-manager: a manager closed while a client logs in harms neither the client nor the process', async () => {
    const identity = new Identity();
    const [asked, answered] = [deferred<void>(), deferred<void>()];
    const cache = await cacheFor(identity, {
      verifier: {
        verify: async (username, password) => {
          asked.resolve();
          await answered.promise;
          return identity.verify(username, password);
        },
      },
    });
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const reply = redis.ping();
    await asked.promise;
    identity.manager.close();
    answered.resolve();
    expect(await reply).toBe('PONG');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test.each(['connecting', 'connect'])(
    'life/close: a client that is closed at "%s", and then the manager, are silent',
    async (event) => {
      const identity = new Identity();
      const cache = await cacheFor(identity);
      const options = { ...addressOf(cache), retryStrategy: () => 1 };
      const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
      await redis.ping();
      const errors: unknown[] = [];
      redis.on('error', (error) => errors.push(error));
      const ended = eventOf(redis, 'end');
      redis.once(event, () => {
        redis.disconnect();
        identity.manager.close();
      });
      cache.cut();
      await ended;
      await new Promise((resolve) => setImmediate(resolve));
      expect(errors).toEqual([]);
    },
  );

  test('reauth/manual-multi: AUTH stays outside of a transaction whose MULTI commandTimeout gave up', async () => {
    const identity = new Identity(3_600_000, { reauthWindowMs: 0 });
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { commandTimeout: 50 }))));
    const other = closedAtEnd(redis.duplicate({ commandTimeout: 5_000 }));
    await Promise.all([redis.ping(), other.ping()]);
    const renewed = deferred<void>();
    cache.fault({ match: 'MULTI', action: { kind: 'hold', until: renewed.promise } });
    await expect(redis.multi({ pipeline: false })).rejects.toThrow('Command timed out');
    await identity.renewFor(1);
    renewed.resolve();
    const rotated = identity.reauthenticated(1);
    redis.options.commandTimeout = 5_000;
    expect(await redis.exec()).toEqual([]);
    await rotated;
  });

  test('reauth/closing: a renewal while a socket closes leaves no AUTH behind for the next connection', async () => {
    const identity = new Identity(3_600_000, { reauthWindowMs: 0 });
    const cache = await cacheFor(identity);
    const slow = await slowToClose(cache);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, { ...slow.address, retryStrategy: () => 1 })));
    const other = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await Promise.all([redis.ping(), other.ping()]);
    const ready = eventOf(redis, 'ready');
    redis.disconnect(true);
    await identity.renewFor(1);
    slow.close();
    await ready;
    await redis.ping();
    expect(loginsOf(cache).filter(({ connection }) => connection === 3)).toHaveLength(1);
  });

  test('reauth/closing: a duplicate made while a planned reconnect closes its socket has the options of the user', async () => {
    const identity = new Identity(600, { refresh: { minIntervalMs: 20, expirationRefreshRatio: 0.3 } });
    const cache = await cacheFor(identity);
    const slow = await slowToClose(cache);
    const retryStrategy = (): number => 1;
    const options = { ...slow.address, retryStrategy, maxRetriesPerRequest: 3 };
    const blocked = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    const planned = new Promise<void>((resolve) => {
      const listener = (): void => {
        unsubscribe('entra-redis:planned-reconnect', listener);
        queueMicrotask(resolve);
      };
      subscribe('entra-redis:planned-reconnect', listener);
    });
    const item = blocked.blpop('list', 0);
    await planned;
    const duplicate = closedAtEnd(blocked.duplicate({ lazyConnect: true }));
    expect(duplicate.options).toMatchObject({ retryStrategy, maxRetriesPerRequest: 3 });
    const reconnecting = eventOf(blocked, 'reconnecting');
    slow.close();
    expect(await reconnecting).toEqual([0]);
    expect(blocked.options).toMatchObject({ retryStrategy, maxRetriesPerRequest: 3 });
    await closedAtEnd(blocked.duplicate()).rpush('list', 'x');
    expect(await item).toEqual(['list', 'x']);
  });

  test('reauth/blocked-past-expiry: without autoResendUnfulfilledCommands the block ends as its connection is replaced', async () => {
    const identity = new Identity(600, { refresh: { minIntervalMs: 20, expirationRefreshRatio: 0.3 } });
    const cache = await cacheFor(identity);
    const options = withEntra(identity.manager, addressOf(cache, { autoResendUnfulfilledCommands: false }));
    const blocked = closedAtEnd(new Redis(options));
    await expect(blocked.blpop('list', 0)).rejects.toThrow('Connection is closed.');
    expect(await blocked.ping()).toBe('PONG');
  });
});

/** A proxy that keeps its side of closed connections open until `close`, as a busy server does. */
async function slowToClose(cache: CacheServer): Promise<{ address: { host: string; port: number }; close(): void }> {
  const released = deferred<void>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(cache.port, cache.host);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.pipe(upstream, { end: false }).pipe(client);
    client.on('end', () => void released.promise.then(() => client.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, close: released.resolve };
}
