import { startCache, type CacheOptions, type CacheServer, type TokenVerifier } from '@entra-redis/emulator';
import {
  createTokenManager,
  type Token,
  type TokenManager,
  type TokenManagerOptions,
} from '@entra-redis/token-manager';
import { clockOfTests, keepTime, until } from '@entra-redis/test-support';
import * as ioredis from 'ioredis';
import * as ioredis5 from 'ioredis-5';
import * as ioredis5Oldest from 'ioredis-5-oldest';
import * as iovalkey from 'iovalkey';
import { onTestFinished, vi } from 'vitest';

const older: typeof versions = [
  { version: 'ioredis 5.3.2', module: ioredis5Oldest as unknown as typeof ioredis, resp3: false },
  { version: 'iovalkey 0.4.0', module: iovalkey as unknown as typeof ioredis, resp3: false },
];

/**
 * Every supported version, each a copy of its own; the newest of each major where a thousand mutants are tested. The types of the
 * newest serve for all.
 */
export const versions: readonly { version: string; module: typeof ioredis; resp3: boolean }[] = [
  { version: 'ioredis 6.0.0', module: ioredis, resp3: true },
  { version: 'ioredis 5.11.1', module: ioredis5 as unknown as typeof ioredis, resp3: false },
  ...(process.env['NEWEST_CLIENTS_ONLY'] ? [] : older),
];

export const objectId: string = '0f1e2d3c-0000-4000-8000-000000000001';

/** An identity provider, the cache's knowledge of its tokens, and a manager. All tokens live as long as `lifetimeMs`. */
export class Identity implements TokenVerifier {
  readonly manager: TokenManager;
  readonly tokens: Token[] = [];
  /** Tokens that the cache refuses. */
  readonly revoked: Set<string> = new Set();
  lifetimeMs: number;
  /** What the provider does instead of issuing a token. */
  instead: (() => Promise<Token>) | undefined;
  /** How far the manager's wall clock is ahead of the cache's. */
  #aheadMs = 0;

  constructor(lifetimeMs = 3_600_000, options: TokenManagerOptions = {}) {
    if (!vi.isFakeTimers()) onTestFinished(keepTime());
    this.lifetimeMs = lifetimeMs;
    const retry = { initialDelayMs: 20, maxDelayMs: 100 };
    this.manager = createTokenManager(
      { requestToken: () => this.instead?.() ?? Promise.resolve(this.issue()) },
      {
        retry,
        refresh: { minIntervalMs: 20 },
        reauthWindowMs: 20,
        clock: clockOfTests(() => this.#aheadMs),
        ...options,
      },
    );
    onTestFinished(() => this.manager.close());
  }

  issue(): Token {
    const now = Date.now() + this.#aheadMs;
    const value = unsignedJwt({ oid: objectId, jti: this.tokens.length });
    const token = { value, obtainedAt: now, expiresAt: now + this.lifetimeMs };
    this.tokens.push(token);
    return token;
  }

  verify(username: string, password: string): ReturnType<TokenVerifier['verify']> {
    const token = this.tokens.find(({ value }) => value === password);
    if (
      !token ||
      username !== objectId ||
      this.revoked.has(password) ||
      token.expiresAt <= Date.now() + this.#aheadMs
    ) {
      return { ok: false, reason: 'unknown, revoked or expired token' };
    }
    return { ok: true, objectId, expiresAt: token.expiresAt - this.#aheadMs };
  }

  /** Makes the manager get the next token now, and resolves when `connections` connections have taken it. */
  async renewFor(connections: number): Promise<void> {
    const taken = this.reauthenticated(connections);
    const { current } = this.manager;
    if (current) {
      // To where the renewal is due, and no farther.
      this.#aheadMs += this.lifetimeMs * 0.71;
      await this.manager.credentials();
    }
    await taken;
  }

  /** Resolves after `count` accepted re-AUTHs. */
  async reauthenticated(count: number): Promise<void> {
    if (count === 0) return;
    let left = count;
    await new Promise<void>((resolve) => {
      const stop = this.manager.subscribe(({ type }) => {
        if (type !== 'reauthenticated' || --left > 0) return;
        stop();
        resolve();
      });
    });
  }
}

function unsignedJwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.signature`;
}

export async function cacheFor(identity: Identity, options: Partial<CacheOptions> = {}): Promise<CacheServer> {
  const cache = await startCache({ verifier: identity, ...options });
  onTestFinished(() => cache.close());
  return cache;
}

/** Where a cache listens, with room for the options of a test. */
export function addressOf(cache: CacheServer): { host: string; port: number };
export function addressOf<O extends object>(cache: CacheServer, options: O): O & { host: string; port: number };
export function addressOf({ host, port }: CacheServer, options: object = {}): object {
  return { host, port, ...options };
}

/** Closes a client at the end of the test, and keeps its expected errors from the console. */
export function closedAtEnd<C extends ioredis.Redis | ioredis.Cluster>(client: C): C {
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** What the cache saw, as `HELLO`, `AUTH`, `GET` …, without the talk of every connection. */
export function commandsOf(cache: CacheServer): string[] {
  return cache.timeline.entries
    .filter(({ event }) => event === 'command')
    .map(({ args }) => (args?.[0] ?? '').toUpperCase())
    .filter((name) => name !== 'CLIENT' && name !== 'INFO');
}

export function loginsOf(cache: CacheServer): { connection: number; token: string }[] {
  return cache.timeline.entries.flatMap(({ event, connection, login }) =>
    event === 'login' && login ? [{ connection, token: login.token }] : [],
  );
}

/** A renewal in which the subscriber's connection is lost while its AUTH waits for an answer. Answers with its number. */
export async function loseWhileReauthenticating(cache: CacheServer, identity: Identity): Promise<number> {
  const [connection = 0] = cache.connections.filter(({ subscriber }) => subscriber).map(({ id }) => id);
  cache.fault({ connection, match: 'AUTH', action: { kind: 'delay', delayMs: 60_000 } });
  await identity.renewFor(1);
  const met = (): boolean =>
    cache.timeline.entries.some(({ event, connection: id }) => event === 'fault' && id === connection);
  await until(met);
  // Whatever was answered before the AUTH has been read after a few turns: loopback takes one or two.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  cache.cut([connection]);
  return connection;
}

/** The next event of this name. Unlike `once` of `node:events`, an `error` in the meantime is not its end. */
export function eventOf(client: ioredis.Redis | ioredis.Cluster, name: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    client.once(name as 'end', (...args: unknown[]) => resolve(args));
  });
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  reject(error: Error): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/** Runs `body` over and over, and one last time, until `end` has resolved. */
export async function during(end: Promise<unknown>, body: () => Promise<void>): Promise<void> {
  const state = { done: false };
  const done = end.finally(() => {
    state.done = true;
  });
  while (!state.done) await body();
  await done;
}

/** Resolves when a token was asked for, and gives it when told. */
export function holdToken(identity: Identity): { asked: Promise<void>; answer(): void } {
  const [asked, token] = [deferred<void>(), deferred<Token>()];
  identity.instead = () => {
    asked.resolve();
    return token.promise;
  };
  return { asked: asked.promise, answer: () => token.resolve(identity.issue()) };
}
