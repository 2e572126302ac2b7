import { subscribe } from 'node:diagnostics_channel';
import { until } from '@entra-redis/test-support';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import {
  addressOf,
  cacheFor,
  closedAtEnd,
  commandsOf,
  during,
  eventOf,
  Identity,
  loginsOf,
  versions,
} from '../support/world.ts';

/** How many logins each connection has made, in the order of their CLIENT IDs. */
function loginCounts(cache: Parameters<typeof loginsOf>[0]): number[] {
  const counts = new Map<number, number>();
  for (const { connection } of loginsOf(cache)) counts.set(connection, (counts.get(connection) ?? 0) + 1);
  return [...counts.values()];
}

/** The commands that were written and have no answer yet. */
function unanswered(redis: Redis): string[] {
  const { commandQueue } = redis as unknown as { commandQueue: { toArray(): { command: { name: string } }[] } };
  return commandQueue.toArray().map(({ command }) => command.name);
}

describe.each(versions)('$version', ({ module: { Redis } }) => {
  test('reauth/one-auth: one AUTH for a renewal, on the same connection', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const clientId = await redis.client('ID');
    await identity.renewFor(1);
    expect(await redis.client('ID')).toBe(clientId);
    expect(loginCounts(cache)).toEqual([2]);
  });

  test('reauth/after-reconnects: one AUTH for a renewal, however often it reconnected before', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { retryStrategy: () => 1 }))));
    for (let reconnects = 0; reconnects < 3; reconnects++) {
      await redis.ping();
      cache.cut();
      await eventOf(redis, 'ready');
    }
    await identity.renewFor(1);
    await redis.ping();
    expect(loginCounts(cache)).toEqual([1, 1, 1, 2]);
  });

  test('reauth/pipeline: with 10,000 commands in flight every reply finds its command', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { record: 'logins' });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    const rotated = identity.renewFor(1);
    const echoes = Array.from({ length: 10_000 }, (_, index) => redis.echo(String(index)));
    await rotated;
    expect((await Promise.all(echoes)).every((echo, index) => echo === String(index))).toBe(true);
    expect(loginCounts(cache)).toEqual([2]);
  });

  test('reauth/multi: AUTH stays outside of a pipelined MULTI … EXEC', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    const results: unknown[] = [];
    await during(identity.renewFor(1), async () => {
      results.push(...((await redis.multi().incr('n').incr('n').exec()) ?? []));
    });
    expect(results).toEqual(results.map((_, index) => [null, index + 1]));
  });

  test('reauth/manual-multi: AUTH waits for EXEC, then goes out at once', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const other = closedAtEnd(redis.duplicate());
    await redis.multi({ pipeline: false });
    await redis.set('a', '1');
    await other.ping();
    await identity.renewFor(1);
    const rotated = identity.reauthenticated(1);
    expect(await redis.exec()).toEqual([[null, 'OK']]);
    await rotated;
    const ofFirst = cache.timeline.entries.filter(({ event, connection }) => event === 'command' && connection === 1);
    expect(ofFirst.map(({ args }) => args?.[0]?.toUpperCase()).slice(-2)).toEqual(['EXEC', 'AUTH']);
  });

  test('reauth/blocked: AUTH waits behind the block and takes effect when it ends, whatever commandTimeout says', async () => {
    const identity = new Identity(3_600_000, { reauthWindowMs: 0 });
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const blocked = closedAtEnd(redis.duplicate({ commandTimeout: 100 }));
    const failed: unknown[] = [];
    identity.manager.subscribe((event) => event.type === 'reauthentication-failed' && failed.push(event.error));
    await blocked.ping();
    const item = blocked.blpop('list', 0).catch((error: unknown) => error);
    await until(() => commandsOf(cache).includes('BLPOP'));
    await identity.renewFor(1);
    await until(() => unanswered(blocked).join() === 'blpop,auth');
    // Written after the AUTH: when it is given up, the time of the AUTH would be over as well.
    await expect(blocked.ping()).rejects.toThrow('Command timed out');
    expect(await item).toHaveProperty('message', 'Command timed out');
    const rotated = identity.reauthenticated(1);
    await redis.rpush('list', 'x');
    await rotated;
    expect(failed).toEqual([]);
    expect(loginCounts(cache)).toEqual([2, 2]);
  });

  test('reauth/blocked: a block that would outlive the token is handed over before it expires, and goes on', async () => {
    const identity = new Identity(600, { refresh: { minIntervalMs: 20, expirationRefreshRatio: 0.3 } });
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { maxRetriesPerRequest: 0 }))));
    const blocked = closedAtEnd(redis.duplicate({ connectionName: 'worker' }));
    const announced = new Promise((resolve) => subscribe('entra-redis:planned-reconnect', resolve));
    const item = blocked.blpop('list', 0);
    const [delay] = await eventOf(blocked, 'reconnecting');
    expect(delay).toBe(0);
    const connection = { client: 'ioredis', address: `${cache.host}:${cache.port}`, name: 'worker' };
    expect(await announced).toEqual({ connection, reason: 'blocked' });
    await eventOf(blocked, 'ready');
    await redis.rpush('list', 'x');
    expect(await item).toEqual(['list', 'x']);
    expect(blocked.options.maxRetriesPerRequest).toBe(0);
    expect(cache.timeline.entries.filter(({ event }) => event === 'expired')).toEqual([]);
  });

  test('reauth/blocked: where the handed over connection cannot log in and retryStrategy gives up, the block ends', async () => {
    const identity = new Identity(600, { refresh: { minIntervalMs: 20, expirationRefreshRatio: 0.3 } });
    const cache = await cacheFor(identity);
    const options = withEntra(
      identity.manager,
      addressOf(cache, { retryStrategy: () => null, maxRetriesPerRequest: 0 }),
    );
    const blocked = closedAtEnd(new Redis(options));
    const item = blocked.blpop('list', 0).catch((error: unknown) => error);
    await eventOf(blocked, 'reconnecting');
    cache.fault({ match: ['AUTH', 'HELLO'], action: { kind: 'cut' } });
    await eventOf(blocked, 'end');
    expect(await item).toHaveProperty('message', 'Connection is closed.');
  });

  test('reauth/offline-refreshes: after renewals while it was offline, only the newest token is sent', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { lazyConnect: true }))));
    const other = closedAtEnd(redis.duplicate({ lazyConnect: false }));
    await other.ping();
    for (let renewal = 0; renewal < 3; renewal++) await identity.renewFor(1);
    await redis.connect();
    expect(loginsOf(cache).filter(({ connection }) => connection === 2)).toEqual([
      { connection: 2, token: loginsOf(cache).at(-1)?.token },
    ]);
  });

  test('reauth/lost: an AUTH that the server could not take is tried again', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    cache.fault({
      match: 'AUTH',
      action: { kind: 'error', message: 'LOADING Redis is loading the dataset in memory' },
    });
    await identity.renewFor(1);
    expect(commandsOf(cache).filter((name) => name === 'AUTH').length).toBeGreaterThanOrEqual(2);
    expect(cache.connections).toHaveLength(1);
  });

  test('reauth/lost: an AUTH in flight when the socket dies is not sent again by ioredis', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache, { retryStrategy: () => 1 }))));
    await redis.ping();
    const ready = eventOf(redis, 'ready');
    cache.fault({ match: 'AUTH', action: { kind: 'cut' } });
    void identity.renewFor(1);
    await ready;
    await redis.ping();
    expect(loginsOf(cache).filter(({ connection }) => connection === 2)).toHaveLength(1);
  });

  test('reauth/refused: one forced renewal and one retry', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const errors: unknown[] = [];
    redis.on('error', (error) => errors.push(error));
    await redis.ping();
    cache.fault({ match: 'AUTH', action: { kind: 'error', message: 'WRONGPASS invalid username-password pair' } });
    await identity.renewFor(1);
    expect(identity.tokens).toHaveLength(3);
    expect(errors).toEqual([]);
    expect(await redis.ping()).toBe('PONG');
  });

  test('reauth/duplicates: duplicates of duplicates keep themselves authenticated, by one token request', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const first = closedAtEnd(redis.duplicate());
    const second = closedAtEnd(first.duplicate({ connectionName: 'second' }));
    await Promise.all([redis.ping(), first.ping(), second.ping()]);
    await identity.renewFor(3);
    expect(loginCounts(cache)).toEqual([2, 2, 2]);
    expect(identity.tokens).toHaveLength(2);
  });

  test('reauth/two-clients: two clients of one manager both get an AUTH, by one token request', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const clients = [0, 1].map(() => closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache)))));
    await Promise.all(clients.map((client) => client.ping()));
    await identity.renewFor(2);
    expect(loginCounts(cache)).toEqual([2, 2]);
    expect(identity.tokens).toHaveLength(2);
  });

  test('reauth/offline-queue-off: a renewal while the client is down is no error, the next connect has the new token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const options = withEntra(
      identity.manager,
      addressOf(cache, { enableOfflineQueue: false, retryStrategy: () => 1 }),
    );
    const [down, up] = [
      closedAtEnd(new Redis({ ...options, lazyConnect: true })),
      closedAtEnd(new Redis({ ...options })),
    ];
    const errors: unknown[] = [];
    down.on('error', (error) => errors.push(error));
    await Promise.all([down.connect(), eventOf(up, 'ready')]);
    down.disconnect();
    await eventOf(down, 'end');
    await identity.renewFor(1);
    await down.connect();
    expect(errors).toEqual([]);
    expect(loginsOf(cache).at(-1)?.token).toBe(loginsOf(cache).at(-2)?.token);
  });

  test('reauth/close-unsubscribes: after each way to close no AUTH follows, and the others go on', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const quits = closedAtEnd(redis.duplicate());
    const disconnects = closedAtEnd(redis.duplicate());
    const stripped = closedAtEnd(redis.duplicate());
    const clients = [quits, disconnects, stripped];
    await Promise.all([redis.ping(), ...clients.map((client) => client.ping())]);
    const ends = clients.map((client) => eventOf(client, 'end'));
    await quits.quit();
    disconnects.disconnect();
    stripped.removeAllListeners('ready');
    stripped.disconnect();
    await Promise.all(ends);
    await identity.renewFor(1);
    await redis.ping();
    expect(loginCounts(cache).filter((logins) => logins > 1)).toEqual([2]);
  });

  test('reauth/monitor: a monitor takes no AUTH; it reconnects before the token expires', async () => {
    const identity = new Identity(600, { refresh: { minIntervalMs: 20, expirationRefreshRatio: 0.3 } });
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const monitor = closedAtEnd(await redis.monitor());
    await eventOf(monitor, 'reconnecting');
    await eventOf(monitor, 'monitoring');
    const line = new Promise((resolve) => {
      monitor.on('monitor', (_time: string, args: string[]) => args[0] === 'echo' && resolve(args[1]));
    });
    await redis.echo('seen');
    expect(await line).toBe('seen');
    expect(cache.timeline.entries.filter(({ event }) => event === 'expired')).toEqual([]);
  });
});
