import { setTimeout as delay } from 'node:timers/promises';
import { withEntra } from '@entra-redis/ioredis';
import { entraCredentials } from '@entra-redis/node-redis';
import { type Clock, createTokenManager, systemClock, type TokenManager } from '@entra-redis/token-manager';
import { makeJwt } from '@entra-redis/token-manager/testing';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { ClientName } from '../samples/clients.ts';
import { holdRefreshTimers } from './held-timers.ts';

export interface RotatingOptions {
  readonly client: ClientName;
  readonly side: 'ours' | 'at-once';
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** `ours`: how much of a rotation is measured. */
  readonly sliceMs: number;
}

/** Connections to one server, and how their token is replaced. */
export interface Clients {
  get(index: number): Promise<unknown>;
  /** A new token. Resolves when every connection has it, or the part that is measured is over. */
  rotate(): Promise<void>;
}

const username = 'bench';
const hour = 3_600_000;
let issued = 0;

/** As long as a token of Entra. */
function newToken(): string {
  issued += 1;
  return makeJwt({ oid: username, jti: issued, padding: 'x'.repeat(900), exp: Math.round((Date.now() + hour) / 1000) });
}

export async function rotatingClients(options: RotatingOptions): Promise<Clients> {
  if (options.side === 'ours') return ours(options);
  return options.client === 'ioredis' ? ioredisAtOnce(options) : entraidAtOnce(options);
}

type Open = (index: number) => Promise<(key: string) => Promise<unknown>>;

/** Not all at once: that is another measurement. */
async function opened(open: Open, connections: number): Promise<(index: number) => Promise<unknown>> {
  const gets: ((key: string) => Promise<unknown>)[] = [];
  for (let from = 0; from < connections; from += 50) {
    const some = Array.from({ length: Math.min(50, connections - from) }, (_, index) => open(from + index));
    gets.push(...(await Promise.all(some)));
  }
  return (index) => (gets[index % gets.length] as (key: string) => Promise<unknown>)('key');
}

/** The system's clock, and jumps over the time until the next renewal. */
function jumpingClock(): Clock & { jump(ms: number): void } {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    jump: (ms) => {
      ahead += ms;
    },
  };
}

/** The manager's defaults, but that a token is replaced long before its end: a rotation need not be over when the next one begins. */
async function ours(options: RotatingOptions): Promise<Clients> {
  const clock = jumpingClock();
  const requestToken = async () => ({ value: newToken(), obtainedAt: clock.now(), expiresAt: clock.now() + 24 * hour });
  const refresh = { jitterRatio: 0, expirationRefreshRatio: 0.05 };
  const manager = createTokenManager({ requestToken }, { username, clock, refresh });
  const open = options.client === 'ioredis' ? ourIoredis(options, manager) : ourNodeRedis(options, manager);
  return {
    get: await opened(open, options.connections),
    async rotate() {
      clock.jump(1.2 * hour);
      await manager.credentials();
      await delay(options.sliceMs);
    },
  };
}

const ourIoredis =
  ({ host, port }: RotatingOptions, manager: TokenManager): Open =>
  async () => {
    const redis = new Redis(withEntra(manager, { host, port }));
    await redis.ping();
    return (key) => redis.get(key);
  };

const ourNodeRedis =
  ({ host, port }: RotatingOptions, manager: TokenManager): Open =>
  async () => {
    const credentialsProvider = entraCredentials(manager);
    const redis = createClient({ socket: { host, port }, credentialsProvider, maintNotifications: 'disabled' });
    await redis.connect();
    return (key) => redis.get(key);
  };

/** What users of ioredis write: one timer, and AUTH on every client. */
async function ioredisAtOnce({ host, port, connections }: RotatingOptions): Promise<Clients> {
  const all: Redis[] = [];
  const password = newToken();
  const get = await opened(async () => {
    const redis = new Redis({ host, port, username, password });
    await redis.ping();
    all.push(redis);
    return (key) => redis.get(key);
  }, connections);
  return {
    get,
    async rotate() {
      const token = newToken();
      await Promise.all(all.map((redis) => redis.auth(username, token)));
    },
  };
}

/** Called by node-redis for each new token: the only place where one sees when its AUTH was answered. */
interface Reauthenticating {
  reAuthenticate: (credentials: unknown) => Promise<void>;
}

/** What `createClient` returns is made from the client, which has the property. */
function ownerOf(client: object, property: keyof Reauthenticating): Reauthenticating {
  let owner = client;
  while (!Object.hasOwn(owner, property)) owner = Object.getPrototypeOf(owner) as object;
  return owner as Reauthenticating;
}

/** @redis/entraid, one provider for all clients. */
async function entraidAtOnce({ host, port, connections }: RotatingOptions): Promise<Clients> {
  const timers = holdRefreshTimers();
  const { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } = await import('@redis/entraid');
  const credentialsProvider = EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
    credential: { getToken: async () => ({ token: newToken(), expiresOnTimestamp: Date.now() + hour }) },
    scopes: REDIS_SCOPE_DEFAULT,
    tokenManagerConfig: { expirationRefreshRatio: 0.7 },
  });
  let left = 0;
  let done = (): void => undefined;
  const get = await opened(async () => {
    const redis = createClient({ socket: { host, port }, credentialsProvider, maintNotifications: 'disabled' });
    await redis.connect();
    const client = ownerOf(redis, 'reAuthenticate');
    const { reAuthenticate } = client;
    client.reAuthenticate = async (credentials) => {
      await reAuthenticate(credentials);
      left -= 1;
      if (left === 0) done();
    };
    return (key) => redis.get(key);
  }, connections);
  return {
    get,
    async rotate() {
      left = connections;
      const finished = new Promise<void>((resolve) => {
        done = resolve;
      });
      timers.fire();
      await finished;
    },
  };
}
