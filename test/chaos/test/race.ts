import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Application, Driver, Session } from '@entra-redis/conformance';
import { type CacheServer, startCache } from '@entra-redis/emulator';
import { createTokenManager } from '@entra-redis/token-manager';
import { ScriptedProvider, TestClock } from '@entra-redis/token-manager/testing';
import type { Scheduler } from 'fast-check';
import { vi } from 'vitest';
import { forgetsCommands } from '../src/application/workarounds.ts';
import { WatchedManager } from './watched-manager.ts';

const lifetimeMs = 3_600_000;
/** Turns of the event loop without news after which nothing more comes: loopback takes one or two. */
const quietTurns = 12;

/** Two clients on one manager. Tokens arrive, and logins are answered, when the scheduler says so. */
export class Race {
  readonly cache: CacheServer;
  readonly sockets: Socket[] = [];
  readonly unhandled: unknown[] = [];
  readonly clock: TestClock = new TestClock(Date.now());
  readonly #scheduler: Scheduler;
  readonly #driver: Driver;
  readonly #sessions: Session[] = [];
  readonly #asked: { readonly what: string; settled: boolean }[] = [];
  readonly #collect = (message: unknown): void => void this.sockets.push((message as { socket: Socket }).socket);
  readonly #note = (error: unknown): void => void this.unhandled.push(error);
  #application: Application | undefined;
  #resp: 2 | 3 = 2;
  /** Token requests under way. */
  #requests = 0;
  #watched: WatchedManager | undefined;

  private constructor(cache: CacheServer, scheduler: Scheduler, driver: Driver) {
    this.cache = cache;
    this.#scheduler = scheduler;
    this.#driver = driver;
  }

  /** `driverFor` makes a driver whose managers are replaced. */
  static async start(
    scheduler: Scheduler,
    driverFor: (replace: () => WatchedManager['manager']) => Driver,
    resp: 2 | 3,
  ): Promise<Race> {
    const provider: { current?: ScriptedProvider } = {};
    const cache = await startCache({
      verifier: {
        verify: (username) =>
          scheduler
            .schedule(Promise.resolve(), 'a login is answered')
            .then(() => ({ ok: true as const, objectId: username, expiresAt: Date.now() + lifetimeMs })),
      },
    });
    const race: Race = new Race(
      cache,
      scheduler,
      driverFor(() => (race.#watched as WatchedManager).manager),
    );
    provider.current = new ScriptedProvider(race.clock, { lifetimeMs });
    const { current } = provider;
    const source = {
      requestToken: async () => {
        race.#requests += 1;
        await scheduler.schedule(Promise.resolve(), 'a token arrives');
        race.#requests -= 1;
        return current.issue();
      },
    };
    const options = {
      clock: race.clock,
      reauthWindowMs: 0,
      refresh: { jitterRatio: 0 },
      requestTimeoutMs: lifetimeMs * 100,
    };
    race.#watched = new WatchedManager(createTokenManager(source, options));
    race.#application = await race.#driver.start({ tokenUrl: 'http://127.0.0.1:1/', lifetimeMs });
    subscribe('net.client.socket', race.#collect);
    process.on('unhandledRejection', race.#note);
    race.#resp = resp;
    return race;
  }

  async connect(): Promise<void> {
    const { host, port } = this.cache;
    const session = await (this.#application as Application).open(
      { topology: 'standalone', host, port },
      { resp: this.#resp },
    );
    this.#sessions.push(session);
    session.ready().catch(() => undefined);
  }

  command(index: number): void {
    const session = this.#sessions[index];
    if (session !== undefined) this.#ask('PING', session.command('PING'));
  }

  async close(index: number, way: string): Promise<void> {
    const session = this.#sessions[index];
    if (session === undefined) return;
    if (forgetsCommands(this.#driver.name)) await this.wait();
    this.#ask(way, session.close(way));
  }

  /** The manager asks for the next token. */
  async refresh(): Promise<void> {
    if (this.#requests === 0) await this.clock.advance(lifetimeMs * 0.7 + 1);
  }

  cut(): void {
    this.cache.cut();
  }

  /** Timers of the clients: they wait before they connect again. */
  async wait(): Promise<void> {
    await vi.advanceTimersByTimeAsync(400);
  }

  /** Lets what is under way on the sockets come to rest. */
  async settle(): Promise<void> {
    let seen = -1;
    for (let quiet = 0; quiet < quietTurns; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const news = this.cache.timeline.entries.length + this.sockets.length + this.#scheduler.count();
      if (news !== seen) quiet = 0;
      seen = news;
    }
  }

  /** Closes everything, lets all that is still to come happen, and says what is left. */
  async leftovers(): Promise<Record<string, unknown>> {
    if (forgetsCommands(this.#driver.name)) await this.wait();
    for (const session of this.#sessions) await session.close().catch(() => undefined);
    await this.#drain();
    const { registrations = 0, waiting = 0 } = this.#watched ?? {};
    await this.#application?.close();
    await this.#drain();
    const auths = new Map<string, number>();
    for (const { event, connection, login } of this.cache.timeline.entries)
      if (event === 'login')
        auths.set(`${connection} ${login?.token}`, (auths.get(`${connection} ${login?.token}`) ?? 0) + 1);
    return {
      sockets: this.sockets.filter((socket) => !socket.destroyed).length,
      connections: this.cache.connections.length,
      registrations,
      waiting,
      unsettled: this.#asked.filter(({ settled }) => !settled).map(({ what }) => what),
      doubleAuths: [...auths].filter(([, count]) => count > 1).map(([which]) => which),
      unhandled: this.unhandled.map(String),
    };
  }

  async end(): Promise<void> {
    unsubscribe('net.client.socket', this.#collect);
    process.off('unhandledRejection', this.#note);
    await this.cache.close();
  }

  async #drain(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await this.settle();
      while (this.#scheduler.count() > 0) {
        await this.#scheduler.waitOne();
        await this.settle();
      }
      await vi.advanceTimersByTimeAsync(10_000);
    }
  }

  #ask(what: string, work: Promise<unknown>): void {
    const asked = { what, settled: false };
    this.#asked.push(asked);
    const settle = (): void => void (asked.settled = true);
    work.then(settle, settle);
  }
}

export const nothingLeft: Record<string, unknown> = {
  sockets: 0,
  connections: 0,
  registrations: 0,
  waiting: 0,
  unsettled: [],
  doubleAuths: [],
  unhandled: [],
};
