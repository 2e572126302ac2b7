import * as fc from 'fast-check';
import type { RetryPolicy } from '../../src/manager/retry.ts';
import type { RenewalPolicy } from '../../src/manager/schedule.ts';
import {
  type Effect,
  type Env,
  type HeldToken,
  initialState,
  type Input,
  type State,
} from '../../src/manager/state.ts';
import { transition } from '../../src/manager/transitions.ts';
import { createCredentials } from '../../src/tokens/credentials.ts';
import { random, refresh, retry } from './arbitraries.ts';

const minute = 60_000;

/** `refreshAfter` from the moment on at which the token comes: also past, and beyond expiry. */
const refreshInMs = fc.option(fc.integer({ min: -minute, max: 2 * 3_600_000 }), { nil: undefined });

interface Step {
  readonly waitMs: number;
  readonly random: number;
  readonly what:
    | { kind: string }
    | { kind: string; lifeMs: number; ageMs: number; refreshInMs: number | undefined; same: boolean }
    | { kind: string; permanent: boolean; retryAfterMs: number | undefined }
    | { kind: string; current: boolean };
}

/** What happens next: time passes, and then something comes. Answers are given to requests as they are, or late. */
const step: fc.Arbitrary<Step> = fc.record({
  waitMs: fc.oneof(fc.nat(2000), fc.nat(90 * minute), fc.constant(0)),
  random,
  what: fc.oneof(
    fc.record({ kind: fc.constantFrom('demand', 'tick', 'close-late-answer') }),
    fc.record({
      kind: fc.constant('answer'),
      lifeMs: fc.oneof(fc.integer({ min: -minute, max: 2 * 3_600_000 }), fc.integer({ min: 1, max: 3000 })),
      ageMs: fc.nat(3_600_000),
      refreshInMs,
      same: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('failure'),
      permanent: fc.boolean(),
      retryAfterMs: fc.option(fc.nat(5 * minute), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('refused'), current: fc.boolean() }),
  ),
});

/** The options of a manager. */
export interface World {
  readonly refresh: RenewalPolicy;
  readonly retry: RetryPolicy;
  readonly requestTimeoutMs: number;
}
export const world: fc.Arbitrary<World> = fc.record({
  refresh,
  retry,
  requestTimeoutMs: fc.integer({ min: 1, max: 5 * minute }),
});

interface TokenShape {
  readonly ageMs?: number;
  readonly same?: boolean;
  readonly refreshInMs?: number | undefined;
}

/** Runs inputs through the state machine as the manager does, and notes what came out. */
export class Run {
  state: State = initialState;
  now = 1_000_000;
  issued = 0;
  readonly requests: { at: number; id: number }[] = [];
  readonly effects: Effect[] = [];
  readonly #world: World;

  constructor(options: World) {
    this.#world = options;
  }

  env(draw: number): Env {
    const timeoutFailure = () => ({ error: new Error('timeout'), permanent: false, retryAfterMs: undefined });
    const staleFailure = () => ({ error: new Error('stale'), permanent: false, retryAfterMs: undefined });
    return { now: this.now, random: draw, ...this.#world, timeoutFailure, staleFailure };
  }

  input(input: Input, draw = 0.5): readonly Effect[] {
    const { state, effects } = transition(this.state, input, this.env(draw));
    this.state = state;
    this.effects.push(...effects);
    for (const effect of effects)
      if (effect.type === 'request') this.requests.push({ at: this.now, id: effect.requestId });
    return effects;
  }

  token(lifeMs: number, { ageMs = 0, same = false, refreshInMs: inMs }: TokenShape = {}): HeldToken {
    if (same && this.state.token !== undefined) return this.state.token;
    this.issued += 1;
    const expiresAt = this.now + lifeMs;
    const credentials = createCredentials('oid', `token ${this.issued}`, expiresAt);
    const refreshAfter = inMs === undefined ? undefined : this.now + inMs;
    return { credentials, obtainedAt: this.now - ageMs, expiresAt, refreshAfter };
  }

  take({ waitMs, random: draw, what }: Step): void {
    this.now += waitMs;
    this.input({ type: 'tick' }, draw);
    const { requestId } = this.state;
    if (what.kind === 'demand') this.input({ type: 'demand' }, draw);
    else if (what.kind === 'close-late-answer')
      this.input({ type: 'answer', requestId: requestId - 1, token: this.token(minute) }, draw);
    else if ('lifeMs' in what) this.input({ type: 'answer', requestId, token: this.token(what.lifeMs, what) }, draw);
    else if ('permanent' in what) {
      const { permanent, retryAfterMs } = what;
      this.input({ type: 'failure', requestId, failure: { error: new Error('no'), permanent, retryAfterMs } }, draw);
    } else if ('current' in what) {
      this.input(
        { type: 'refused', value: what.current ? (this.state.token?.credentials.password ?? '') : 'token 0' },
        draw,
      );
    }
  }

  /** Goes from instant to instant with a provider that answers at once; returns for how long there was no usable token. */
  healthy(untilMs: number, answer: (now: number) => HeldToken): number {
    let without = 0;
    const endAt = this.now + untilMs;
    while (this.now < endAt) {
      this.input({ type: 'tick' });
      if (this.state.phase === 'requesting')
        this.input({ type: 'answer', requestId: this.state.requestId, token: answer(this.now) });
      const next = Math.min(endAt, Math.max(this.now + 1, this.state.wakeAt));
      const usableUntil = this.state.token?.expiresAt ?? this.now;
      without += Math.max(0, next - Math.max(this.now, usableUntil));
      this.now = next;
    }
    return without;
  }
}

export const paced = (options: World, minIntervalMs: number): World => ({
  ...options,
  refresh: { ...options.refresh, minIntervalMs },
});

/** A history: anything that can happen, in any order. */
export const steps: fc.Arbitrary<Step[]> = fc.array(step, { maxLength: 60 });
