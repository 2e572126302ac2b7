import { createTokenManager, type TokenEvent, type TokenManager } from '@entra-redis/token-manager';
import { httpProvider } from './http-provider.ts';
import type { RunningTarget } from './targets/types.ts';
import { trackedSession } from './tracked-session.ts';
import type { Context, Driver, Session } from './types.ts';

export interface ContextOptions {
  readonly driver: Driver;
  readonly target: RunningTarget;
  readonly resp: 2 | 3;
  readonly lifetimeMs: number;
  readonly random: () => number;
}

/** Makes what a scenario works with, and ends all of it. */
export class ScenarioContext implements Context {
  readonly target: RunningTarget;
  readonly resp: 2 | 3;
  readonly lifetimeMs: number;
  readonly random: () => number;
  readonly events: TokenEvent[] = [];
  readonly manager: TokenManager;
  readonly #driver: Driver;
  readonly #managers: TokenManager[] = [];
  readonly #sessions: Session[] = [];

  constructor(options: ContextOptions) {
    this.target = options.target;
    this.resp = options.resp;
    this.lifetimeMs = options.lifetimeMs;
    this.random = options.random;
    this.#driver = options.driver;
    this.manager = this.createManager();
    this.manager.subscribe((event) => this.events.push(event));
  }

  createManager(): TokenManager {
    const manager = createTokenManager(httpProvider(this.target.entra), {
      refresh: { minIntervalMs: 200 },
      retry: { initialDelayMs: 100, maxDelayMs: 500 },
    });
    this.#managers.push(manager);
    return manager;
  }

  open({ name, manager = this.manager }: { name?: string; manager?: TokenManager } = {}): Session {
    const options = name === undefined ? { resp: this.resp } : { resp: this.resp, name };
    return this.#track(this.#driver.open(this.target.endpoint, manager, options));
  }

  async connect(options?: { name?: string; manager?: TokenManager }): Promise<Session> {
    const session = this.open(options);
    await session.ready();
    return session;
  }

  async eventually(what: string, check: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
    const giveUpAt = Date.now() + withinMs;
    let last: unknown;
    for (;;) {
      try {
        if (await check()) return;
        last = undefined;
      } catch (error) {
        last = error;
      }
      if (Date.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}`, { cause: last });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.splice(0)) await session.close().catch(() => undefined);
    for (const manager of this.#managers.splice(0)) manager.close();
  }

  #track(session: Session): Session {
    this.#sessions.push(session);
    return trackedSession(session, (copy) => this.#track(copy));
  }
}
