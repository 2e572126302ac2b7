import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  type CacheOptions,
  type CacheServer,
  startCache,
  type TokenVerifier,
  type Verdict,
} from '@entra-redis/emulator';
import { createTokenManager, type TokenEvent, type TokenManager } from '@entra-redis/token-manager';
import { ScriptedProvider, TestClock } from '@entra-redis/token-manager/testing';
import { until } from '@entra-redis/test-support';
import { expect, onTestFinished } from 'vitest';
import { entraCredentials, type EntraCredentialsProvider } from '../../src/index.ts';
import { type TestClient, title, type Version } from './clients.ts';

const lifetimeMs = 3_600_000;

/** The cache's side: which tokens were presented, and which it refuses. */
class Verifier implements TokenVerifier {
  /** `jti` of every token that a login presented, in order. */
  readonly presented: number[] = [];
  refuse: (jti: number) => boolean = () => false;
  /** Logins with these tokens are answered when it resolves. */
  hold: (jti: number) => Promise<void> | undefined = () => undefined;

  verify(username: string, password: string): ReturnType<TokenVerifier['verify']> {
    const payload = JSON.parse(Buffer.from(password.split('.')[1] ?? '', 'base64url').toString()) as {
      oid: string;
      jti: number;
    };
    this.presented.push(payload.jti);
    const refused = payload.oid !== username || this.refuse(payload.jti);
    const verdict: Verdict = refused
      ? { ok: false, reason: 'refused by the test' }
      : { ok: true, objectId: username, expiresAt: Date.now() + lifetimeMs };
    return this.hold(payload.jti)?.then(() => verdict) ?? verdict;
  }
}

/** A cache on loopback, a token manager on a virtual clock, and clients that are closed when the test ends. */
export class World {
  readonly clock: TestClock = new TestClock(Date.now());
  readonly identity: ScriptedProvider = new ScriptedProvider(this.clock, { lifetimeMs });
  readonly verifier: Verifier;
  readonly events: TokenEvent[] = [];
  readonly manager: TokenManager;
  readonly provider: EntraCredentialsProvider;
  cache: CacheServer;
  readonly errors: Error[] = [];

  private constructor(cache: CacheServer, verifier: Verifier, reauthWindowMs: number) {
    this.cache = cache;
    this.verifier = verifier;
    this.manager = createTokenManager(this.identity, {
      clock: this.clock,
      refresh: { jitterRatio: 0 },
      reauthWindowMs,
    });
    this.manager.subscribe((event) => this.events.push(event));
    this.provider = entraCredentials(this.manager);
  }

  static async start(options: Partial<CacheOptions> = {}, reauthWindowMs = 0): Promise<World> {
    const verifier = new Verifier();
    const world = new World(await startCache({ verifier, ...options }), verifier, reauthWindowMs);
    onTestFinished(async () => {
      world.manager.close();
      await world.cache.close();
    });
    return world;
  }

  /** The next token comes when the answer is called. */
  holdToken(): () => void {
    let issue = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      issue = resolve;
    });
    this.identity.script.push(() => held.then(() => this.identity.issue()));
    return issue;
  }

  options(version: Version, overrides: object = {}): object {
    const { host, port } = this.cache;
    return {
      ...version.protocol,
      socket: { host, port, reconnectStrategy: 1 },
      credentialsProvider: this.provider,
      ...overrides,
    };
  }

  client(version: Version, overrides: object = {}): TestClient {
    return this.adopt(version.library.createClient(this.options(version, overrides)));
  }

  adopt(client: TestClient): TestClient {
    client.on('error', (error) => this.errors.push(error));
    onTestFinished(() => {
      if (client.isOpen) client.destroy();
    });
    return client;
  }

  async connected(version: Version, overrides: object = {}): Promise<TestClient> {
    const client = this.client(version, overrides);
    await client.connect();
    return client;
  }

  /** What events call a connection to the cache. */
  get connectionIdentity(): object {
    return { client: 'node-redis', address: expect.stringMatching(new RegExp(`^(127.0.0.1|::1):${this.cache.port}$`)) };
  }

  /** The logins that the cache accepted, by connection. */
  logins(connection?: number): { via: string; connection: number }[] {
    return this.cache.timeline.entries
      .filter((entry) => entry.event === 'login' && (connection === undefined || entry.connection === connection))
      .map((entry) => ({ via: entry.login?.via ?? '', connection: entry.connection }));
  }

  count(type: TokenEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  /** Resolves when the cache has seen so many blocking pops. */
  blocked(count = 1): Promise<void> {
    const pops = (): number => this.cache.timeline.entries.filter(({ args }) => args?.[0] === 'BLPOP').length;
    return until(() => pops() >= count);
  }

  /** Resolves at the `count`th event of this type from now on. */
  next(type: TokenEvent['type'], count = 1): Promise<TokenEvent> {
    return new Promise((resolve) => {
      let left = count;
      const stop = this.manager.subscribe((event) => {
        if (event.type !== type) return;
        left -= 1;
        if (left > 0) return;
        stop();
        resolve(event);
      });
    });
  }

  /** The cache is gone while `during` runs, then back on the same port. */
  async outage(during: () => Promise<void>): Promise<void> {
    const { port, timeline } = this.cache;
    await this.cache.close();
    await during();
    this.cache = await startCache({ verifier: this.verifier, port, timeline });
  }

  /** Lets the renewal point pass: the manager has a new token, and connections get it at once. */
  async renew(): Promise<void> {
    await this.clock.advance(lifetimeMs * 0.7 + 1);
  }

  pass<T>(promise: Promise<T>): Promise<T> {
    return passTime(this.clock, promise);
  }

  /** As `renew`, until `connections` of them are authenticated with it. */
  async renewFor(connections = 1): Promise<void> {
    const done = this.next('reauthenticated', connections);
    await this.renew();
    await done;
  }
}

/** Lets time pass, in steps of a second with real I/O in between, until `promise` settles. */
export async function passTime<T>(clock: TestClock, promise: Promise<T>): Promise<T> {
  const pending = Symbol('pending');
  const turn = (): Promise<typeof pending> => new Promise((resolve) => setImmediate(resolve, pending));
  while ((await Promise.race([promise, turn()])) === pending) await clock.advance(1000);
  return promise;
}

/** What is told of planned reconnects from now on. */
export function announcements(): unknown[] {
  const told: unknown[] = [];
  const note = (event: unknown): void => void told.push(event);
  subscribe('entra-redis:planned-reconnect', note);
  onTestFinished(() => void unsubscribe('entra-redis:planned-reconnect', note));
  return told;
}

export const clientId = async (client: TestClient): Promise<number> =>
  Number(await client.sendCommand(['CLIENT', 'ID']));

/** Cuts the connection and waits until the client is back. */
export async function reconnect(world: World, client: TestClient): Promise<void> {
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  world.cache.cut();
  await ready;
}

export { title };
