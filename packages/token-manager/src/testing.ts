import type { Clock } from './time.ts';
import type { Token } from './tokens/credentials.ts';
import type { IdentityProvider, TokenRequest } from './tokens/identity-provider.ts';

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** A clock that moves only when you advance it. `random` answers `0.5` unless set. */
export class TestClock implements Clock {
  randomValue: () => number = () => 0.5;
  #wall: number;
  #monotonic = 0;
  readonly #timers = new Set<Timer>();

  /** @param startAt the wall clock's first instant, epoch ms */
  constructor(startAt: number = Date.UTC(2026, 0, 1)) {
    this.#wall = startAt;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  random(): number {
    return this.randomValue();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { dueAt: this.#monotonic + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass: fires what falls due, in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#step(Math.max(0, next.dueAt - this.#monotonic));
      next.callback();
      await settle();
    }
    this.#step(end - this.#monotonic);
    await settle();
  }

  /** The machine sleeps: the wall clock goes on, the monotonic clock and the timers stand still. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** Somebody sets the wall clock; negative: back. */
  jumpWall(ms: number): void {
    this.#wall += ms;
  }

  #step(ms: number): void {
    this.#monotonic += ms;
    this.#wall += ms;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAt <= end && (first === undefined || timer.dueAt < first.dueAt)) first = timer;
    }
    return first;
  }
}

/** Lets every promise that is about to settle do so. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

/** An unsigned JWT with these claims, for tests. */
export function makeJwt(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.signature`;
}

/** What a scripted provider does with a request: a token, an error to reject with, or `hang`: no answer, not even when the request is aborted. */
export type Answer = Token | Error | 'hang' | ((request: TokenRequest) => Token | Promise<Token>);

/** An identity provider that follows a script; when the script is over, every request gets a fresh token. */
export class ScriptedProvider implements IdentityProvider {
  readonly requests: { readonly at: number; readonly force: boolean; readonly signal: AbortSignal }[] = [];
  readonly script: Answer[] = [];
  lifetimeMs: number;
  objectId = '11111111-2222-3333-4444-555555555555';
  readonly #clock: Clock;
  #issued = 0;

  constructor(clock: Clock, options: { lifetimeMs?: number; script?: Answer[] } = {}) {
    this.#clock = clock;
    this.lifetimeMs = options.lifetimeMs ?? 3_600_000;
    this.script.push(...(options.script ?? []));
  }

  /** A fresh token, as the provider would give it now. */
  issue(overrides: Partial<Token> & { objectId?: string } = {}): Token {
    this.#issued += 1;
    const now = this.#clock.now();
    const { objectId = this.objectId, ...rest } = overrides;
    const value = makeJwt({ oid: objectId, jti: this.#issued });
    return { value, obtainedAt: now, expiresAt: now + this.lifetimeMs, ...rest };
  }

  async requestToken(request: TokenRequest): Promise<Token> {
    this.requests.push({ at: this.#clock.now(), force: request.force, signal: request.signal });
    const answer = this.script.shift();
    if (answer === undefined) return this.issue();
    if (answer === 'hang') return await new Promise<Token>(() => undefined);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? await answer(request) : answer;
  }
}
