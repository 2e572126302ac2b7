import type {
  Application,
  ApplicationEvent,
  ApplicationOptions,
  Capability,
  Driver,
  Session,
} from '../driver/driver.ts';
import { supportOf } from './plan.ts';
import { tokenUrlOf } from '../drivers/http-provider.ts';
import type { Endpoint, RunningTarget } from '../targets/target.ts';
import { withTimeout } from './timeout.ts';
import { trackedSession } from './tracked-session.ts';
import type { Context, OpenOptions } from '../scenarios/scenario.ts';
import { UnsettledCalls } from './unsettled-calls.ts';

export interface ContextOptions {
  readonly driver: Driver;
  readonly target: RunningTarget;
  readonly resp: 2 | 3;
  readonly lifetimeMs: number;
  readonly random: () => number;
}

const closeTimeoutMs = 10_000;

/** Makes what a scenario works with, and ends all of it. */
export class ScenarioContext implements Context {
  readonly driver: Driver;
  readonly target: RunningTarget;
  readonly resp: 2 | 3;
  readonly lifetimeMs: number;
  readonly random: () => number;
  /** The longest that a process of the driver stood still, ms; known once all are closed. */
  stoodStillMs = 0;
  /** What the driver runs on, where it is a process that says so. */
  runtime: string | undefined;
  readonly #applications: Application[] = [];
  readonly #sessions: Session[] = [];
  readonly #calls = new UnsettledCalls();

  constructor(options: ContextOptions) {
    this.driver = options.driver;
    this.target = options.target;
    this.resp = options.resp;
    this.lifetimeMs = options.lifetimeMs;
    this.random = options.random;
  }

  get application(): Application {
    return this.#applications[0] as Application;
  }

  get events(): readonly ApplicationEvent[] {
    return this.application.events;
  }

  scaled(ms: number): number {
    return ms * (this.driver.timeScale ?? 1);
  }

  supports(capability: Capability): boolean {
    return supportOf(this.driver, capability, this.target.endpoint.topology) === true;
  }

  async startApplication(options: Pick<ApplicationOptions, 'credential' | 'caches'> = {}): Promise<Application> {
    const application = await this.driver.start({
      tokenUrl: this.target.tokenUrl ?? tokenUrlOf(this.target.entra),
      lifetimeMs: this.lifetimeMs,
      ...options,
    });
    this.#applications.push(application);
    return application;
  }

  async open({ application = this.application, endpoint, ...options }: OpenOptions = {}): Promise<Session> {
    const where = { ...this.target.endpoint, ...endpoint } as Endpoint;
    return this.#track(await application.open(where, { resp: this.resp, ...options }));
  }

  async connect(options?: OpenOptions): Promise<Session> {
    const session = await this.open(options);
    await session.ready();
    return session;
  }

  async eventually(
    what: string,
    check: () => boolean | Promise<boolean>,
    withinMs: number = this.scaled(5000),
  ): Promise<void> {
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
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What a case that does not end waits for, and what its clients have told their users last. */
  get standstill(): string {
    const calls = this.#calls.texts.map((text) => `\n  waits for: ${text}`);
    const errors = this.#sessions.flatMap((session) => session.errors.slice(-1)).map((text) => `\n  was told: ${text}`);
    return [...calls, ...errors].join('');
  }

  /** An application is closed too where its clients do not close. */
  async close(mustExit = false): Promise<void> {
    const failed: unknown[] = [];
    const note = (error: unknown): void => void failed.push(error);
    await withTimeout(closeTimeoutMs, 'the clients did not close', this.#closeSessions()).catch(note);
    for (const application of this.#applications.splice(0)) {
      this.stoodStillMs = Math.max(this.stoodStillMs, application.stoodStillMs ?? 0);
      this.runtime ??= application.runtime;
      await application.close({ mustExit }).catch(note);
    }
    if (failed.length > 0) throw failed[0];
  }

  async #closeSessions(): Promise<void> {
    for (const session of this.#sessions.splice(0)) await session.close().catch(() => undefined);
  }

  #track(session: Session): Session {
    this.#sessions.push(session);
    return trackedSession(session, this.#calls, (copy) => this.#track(copy));
  }
}
