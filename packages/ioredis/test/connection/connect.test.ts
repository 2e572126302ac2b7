import { connect as connectSocket, type Socket } from 'node:net';
import type { Token } from '@entra-redis/token-manager';
import { AbstractConnector } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { withEntra } from '../../src/index.ts';
import {
  addressOf,
  cacheFor,
  closedAtEnd,
  commandsOf,
  deferred,
  eventOf,
  Identity,
  loginsOf,
  objectId,
  versions,
} from '../support/world.ts';

describe.each(versions)('$version', ({ module: { Redis }, resp3 }) => {
  test('connect/auth-first: the login precedes every command, with object id and token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.set('a', '1');
    expect(commandsOf(cache)).toEqual([resp3 ? 'HELLO' : 'AUTH', 'SET']);
    expect(cache.connections[0]?.username).toBe(objectId);
  });

  test('connect/waits-for-first-token: commands queue, none fails, no socket opens before the token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const token = deferred<Token>();
    identity.instead = () => token.promise;
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const answers = Promise.all([redis.set('a', '1'), redis.get('a'), redis.pipeline().get('a').exec()]);
    await eventOf(redis, 'connecting');
    expect(cache.timeline.entries).toEqual([]);
    token.resolve(identity.issue());
    expect(await answers).toEqual(['OK', '1', [[null, '1']]]);
  });

  test('connect/first-token-fails: a typed error, retries, and the commands settle by maxRetriesPerRequest', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    identity.instead = () => Promise.reject(new Error('identity provider down'));
    const options = addressOf(cache, { maxRetriesPerRequest: 1, retryStrategy: () => 5 });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    const errors: unknown[] = [];
    redis.on('error', (error: unknown) => errors.push(error));
    await expect(redis.get('a')).rejects.toThrow('max retries per request');
    expect(errors[0]).toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
    identity.instead = undefined;
    await expect(redis.set('a', '1')).resolves.toBe('OK');
  });

  test('connect/first-token-fails: a provider that hangs is given up after connectTimeout', async () => {
    const identity = new Identity();
    identity.instead = () => new Promise(() => {});
    const options = { port: 1, connectTimeout: 20, retryStrategy: () => null };
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    const [error] = await eventOf(redis, 'error');
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST_TIMEOUT', message: expect.stringContaining('20 ms') });
    await expect(redis.get('a')).rejects.toThrow('Connection is closed');
  });

  test('connect/fresh-on-reconnect: a reconnect logs in with the newest token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    await identity.renewFor(1);
    cache.cut();
    await eventOf(redis, 'ready');
    const [first, second, third] = loginsOf(cache);
    expect(second?.token).not.toBe(first?.token);
    expect(third).toEqual({ connection: 2, token: second?.token });
  });

  test('connect/expired-never-sent: with an expired token a reconnect waits for a fresh one', async () => {
    const identity = new Identity(300);
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    const token = deferred<Token>();
    identity.instead = () => token.promise;
    await eventOf(redis, 'reconnecting');
    const answer = redis.get('a');
    await eventOf(redis, 'connecting');
    token.resolve(identity.issue());
    await expect(answer).resolves.toBeNull();
    expect(cache.timeline.entries.filter(({ event }) => event === 'refused')).toEqual([]);
    expect(loginsOf(cache).map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('connect/expired-never-sent: a token that expires while the socket connects is not sent; an own Connector is used', async () => {
    const identity = new Identity(200);
    const cache = await cacheFor(identity);
    const expiries: Promise<void>[] = [];
    class Connector extends AbstractConnector {
      constructor() {
        super(100);
      }
      override async connect(): Promise<Socket> {
        const token = identity.tokens.at(-1);
        if (expiries.length === 0) {
          const left = (token?.expiresAt ?? 0) - Date.now();
          identity.instead = () => Promise.reject(new Error('identity provider down'));
          expiries.push(new Promise((resolve) => setTimeout(resolve, left + 1)));
          await expiries[0];
        }
        this.stream = connectSocket(cache.port, cache.host);
        return this.stream;
      }
    }
    const options = addressOf(cache, { Connector, retryStrategy: () => 5, maxRetriesPerRequest: null });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    const answer = redis.set('a', '1');
    await eventOf(redis, 'reconnecting');
    identity.lifetimeMs = 3_600_000;
    identity.instead = undefined;
    expect(await answer).toBe('OK');
    expect(cache.timeline.entries.filter(({ event }) => event === 'refused')).toEqual([]);
    expect(loginsOf(cache).map(({ connection }) => connection)).toEqual([2]);
  });

  test('connect/idp-down-token-valid: the token in hand is used', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await redis.ping();
    identity.instead = () => Promise.reject(new Error('identity provider down'));
    cache.cut();
    await eventOf(redis, 'ready');
    expect(new Set(loginsOf(cache).map(({ token }) => token)).size).toBe(1);
  });

  test('connect/idp-down-token-expired: tries go on, and it recovers without a restart', async () => {
    const identity = new Identity(200);
    const cache = await cacheFor(identity);
    const options = addressOf(cache, { retryStrategy: () => 5, maxRetriesPerRequest: null });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    await redis.ping();
    identity.instead = () => Promise.reject(new Error('identity provider down'));
    const [error] = await eventOf(redis, 'error');
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
    const answer = redis.get('a');
    identity.instead = undefined;
    await expect(answer).resolves.toBeNull();
  });

  test('connect/refused: a typed error names the object id and the access policy, and the next attempt has a new token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const refused = identity.issue();
    identity.revoked.add(refused.value);
    identity.instead = () => {
      identity.instead = undefined;
      return Promise.resolve(refused);
    };
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const error = await redis.get('a').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'ERR_AUTH_REFUSED', message: expect.stringContaining(objectId) });
    expect(error).toHaveProperty('message', expect.stringContaining('access policy'));
    expect(error).toHaveProperty('cause.message', expect.stringContaining('WRONGPASS'));
    await expect(redis.set('a', '1')).resolves.toBe('OK');
  });

  test('connect/refused: the error says how to let the doctor look at the server, also at one that sentinels named', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity, { sentinel: { masterName: 'primary' } });
    identity.verify = () => Promise.resolve({ ok: false, reason: 'no access policy' });
    const sentinels = cache.sentinels.map(({ host, port }) => ({ host, port }));
    const lanes = [
      [addressOf(cache, { host: 'localhost' }), `localhost:${cache.port}`],
      [{ sentinels, name: 'primary' }, 'HOST:PORT'],
    ] as const;
    for (const [options, address] of lanes) {
      const redis = closedAtEnd(new Redis(withEntra(identity.manager, { ...options, retryStrategy: () => null })));
      const [error] = await eventOf(redis, 'error');
      expect(error).toMatchObject({ code: 'ERR_AUTH_REFUSED', message: expect.stringContaining(objectId) });
      expect(error).toHaveProperty(
        'message',
        expect.stringMatching(new RegExp(`Run: npx entra-redis doctor ${address}$`)),
      );
    }
  });

  test('connect/refused: retryStrategy may give up', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    identity.verify = () => Promise.resolve({ ok: false, reason: 'no access policy' });
    const options = addressOf(cache, { retryStrategy: (attempt: number) => (attempt < 3 ? 1 : null) });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    await eventOf(redis, 'end');
    expect(cache.timeline.entries.filter(({ event }) => event === 'refused')).toHaveLength(3);
  });

  test('connect/refused: a token without an object id is never sent', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    identity.instead = () =>
      Promise.resolve({ value: 'opaque', obtainedAt: Date.now(), expiresAt: Date.now() + 60_000 });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const [error] = await eventOf(redis, 'error');
    expect(error).toMatchObject({ code: 'ERR_NO_OBJECT_ID' });
    expect(cache.timeline.entries).toEqual([]);
  });

  test('connect/disconnect-while-waiting: no socket opens, and connect() works again later', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const token = deferred<Token>();
    identity.instead = () => token.promise;
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    const answer = redis.get('a');
    const ended = eventOf(redis, 'end');
    redis.disconnect();
    await expect(answer).rejects.toThrow('Connection is closed');
    await ended;
    token.resolve(identity.issue());
    await identity.manager.credentials();
    expect(redis.status).toBe('end');
    expect(cache.timeline.entries).toEqual([]);
    await redis.connect();
    await expect(redis.ping()).resolves.toBe('PONG');
  });

  test('connect/disconnect-while-waiting: quit() ends it as well', async () => {
    const identity = new Identity();
    identity.instead = () => new Promise(() => {});
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, { port: 1 })));
    const ended = eventOf(redis, 'end');
    await expect(redis.quit()).resolves.toBe('OK');
    await ended;
  });

  test('connect/dies-during-token: a socket that dies in the handshake is followed by one with the newest token', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    cache.fault({ match: [resp3 ? 'HELLO' : 'AUTH'], action: { kind: 'cut' } });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, addressOf(cache))));
    await expect(redis.set('a', '1')).resolves.toBe('OK');
    expect(loginsOf(cache)).toHaveLength(1);
  });

  test('connect/offline-queue: lazyConnect, no offline queue, autopipelining, no ready check and commandTimeout keep working', async () => {
    const identity = new Identity();
    const cache = await cacheFor(identity);
    const options = addressOf(cache, {
      lazyConnect: true,
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      enableReadyCheck: false,
      commandTimeout: 1000,
    });
    const redis = closedAtEnd(new Redis(withEntra(identity.manager, options)));
    expect(cache.timeline.entries).toEqual([]);
    await redis.connect();
    expect(await Promise.all([redis.set('a', '1'), redis.get('a')])).toEqual(['OK', '1']);
    redis.disconnect();
    await eventOf(redis, 'end');
    await expect(redis.get('a')).rejects.toThrow('Connection is closed');
  });
});
