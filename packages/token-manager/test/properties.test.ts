import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Effect,
  type Env,
  type HeldToken,
  initialState,
  type Input,
  isUsable,
  type State,
  transition,
} from '../src/state.ts';
import { createCredentials } from '../src/token.ts';
import { random, refresh, retry } from './arbitraries.ts';

const minute = 60_000;

/** What happens next: time passes, and then something comes. Answers are given to requests as they are, or late. */
const step = fc.record({
  waitMs: fc.oneof(fc.nat(2000), fc.nat(90 * minute), fc.constant(0)),
  random,
  what: fc.oneof(
    fc.record({ kind: fc.constantFrom('demand', 'tick', 'close-late-answer') }),
    fc.record({
      kind: fc.constant('answer'),
      lifeMs: fc.oneof(fc.integer({ min: -minute, max: 2 * 3_600_000 }), fc.integer({ min: 1, max: 3000 })),
      ageMs: fc.nat(3_600_000),
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
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({ refresh, retry, requestTimeoutMs: fc.integer({ min: 1, max: 5 * minute }) });
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Runs inputs through the state machine as the manager does, and notes what came out. */
class Run {
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
    const timeoutFailure = { error: new Error('timeout'), permanent: false, retryAfterMs: undefined };
    return { now: this.now, random: draw, ...this.#world, timeoutFailure };
  }

  input(input: Input, draw = 0.5): readonly Effect[] {
    const { state, effects } = transition(this.state, input, this.env(draw));
    this.state = state;
    this.effects.push(...effects);
    for (const effect of effects)
      if (effect.type === 'request') this.requests.push({ at: this.now, id: effect.requestId });
    return effects;
  }

  token(lifeMs: number, ageMs = 0, same = false): HeldToken {
    if (same && this.state.token !== undefined) return this.state.token;
    this.issued += 1;
    const expiresAt = this.now + lifeMs;
    const credentials = createCredentials('oid', `token ${this.issued}`, expiresAt);
    return { credentials, obtainedAt: this.now - ageMs, expiresAt, refreshAfter: undefined };
  }

  take({ waitMs, random: draw, what }: Step): void {
    this.now += waitMs;
    this.input({ type: 'tick' }, draw);
    const { requestId } = this.state;
    if (what.kind === 'demand') this.input({ type: 'demand' }, draw);
    else if (what.kind === 'close-late-answer')
      this.input({ type: 'answer', requestId: requestId - 1, token: this.token(minute) }, draw);
    else if ('lifeMs' in what)
      this.input({ type: 'answer', requestId, token: this.token(what.lifeMs, what.ageMs, what.same) }, draw);
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
  healthy(lifeMs: number, untilMs: number): number {
    let without = 0;
    const endAt = this.now + untilMs;
    while (this.now < endAt) {
      this.input({ type: 'tick' });
      if (this.state.phase === 'requesting')
        this.input({ type: 'answer', requestId: this.state.requestId, token: this.token(lifeMs) });
      const next = Math.min(endAt, Math.max(this.now + 1, this.state.wakeAt));
      const usableUntil = this.state.token?.expiresAt ?? this.now;
      without += Math.max(0, next - Math.max(this.now, usableUntil));
      this.now = next;
    }
    return without;
  }
}

const paced = (options: World, minIntervalMs: number): World => ({
  ...options,
  refresh: { ...options.refresh, minIntervalMs },
});

const steps = fc.array(step, { maxLength: 60 });

test('a request is never earlier than the minimum interval after the former one, whatever happens', () => {
  fc.assert(
    fc.property(world, steps, (options, script) => {
      const run = new Run(options);
      run.input({ type: 'demand' });
      for (const each of script) run.take(each);
      for (const [i, { at }] of run.requests.slice(1).entries()) {
        expect(at - (run.requests[i]?.at ?? 0)).toBeGreaterThanOrEqual(options.refresh.minIntervalMs);
      }
    }),
    { numRuns: 300 },
  );
});

test('no input sequence throws, and the machine always has a next instant while it runs', () => {
  fc.assert(
    fc.property(world, steps, (options, script) => {
      const run = new Run(options);
      run.input({ type: 'demand' });
      for (const each of script) {
        run.take(each);
        expect(run.state.phase === 'requesting' || run.state.phase === 'waiting').toBe(true);
        expect(Number.isFinite(run.state.wakeAt)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('with a healthy provider there is always a usable token after the first', () => {
  fc.assert(
    fc.property(world, fc.integer({ min: 3 * minute, max: 24 * 60 * minute }), (options, lifeMs) => {
      // A ratio of 0 asks at every minimum interval: a share of the life keeps the run short.
      const run = new Run(paced(options, lifeMs / 100));
      run.input({ type: 'demand' });
      run.input({ type: 'answer', requestId: 1, token: run.token(lifeMs) });
      expect(run.healthy(lifeMs, lifeMs * 5)).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('after any history a provider that heals heals the manager, within its longest delay', () => {
  fc.assert(
    fc.property(world, steps, (options, script) => {
      const run = new Run(paced(options, minute));
      run.input({ type: 'demand' });
      for (const each of script) run.take(each);
      const lifeMs = 60 * minute;
      run.healthy(
        lifeMs,
        options.requestTimeoutMs + options.retry.maxDelayMs + options.refresh.minIntervalMs + 3 * 60 * minute,
      );
      expect(isUsable(run.state.token, run.now)).toBe(true);
      expect(run.state.attempt).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('after close nothing is emitted, and late answers change nothing', () => {
  fc.assert(
    fc.property(world, steps, steps, (options, before, after) => {
      const run = new Run(options);
      run.input({ type: 'demand' });
      for (const each of before) run.take(each);
      run.input({ type: 'close' });
      const { length } = run.effects;
      for (const each of after) run.take(each);
      run.input({ type: 'close' });
      expect(run.effects).toHaveLength(length);
      expect(run.state.token).toBeUndefined();
    }),
  );
});

test('an answer or failure of another request than the one under way changes nothing', () => {
  fc.assert(
    fc.property(world, steps, fc.integer({ min: -5, max: 5 }), (options, script, offset) => {
      fc.pre(offset !== 0);
      const run = new Run(options);
      run.input({ type: 'demand' });
      for (const each of script) run.take(each);
      const before = run.state;
      const requestId = before.requestId + offset;
      run.input({ type: 'answer', requestId, token: run.token(minute) });
      run.input({
        type: 'failure',
        requestId,
        failure: { error: undefined, permanent: true, retryAfterMs: undefined },
      });
      expect(run.state).toBe(before);
    }),
  );
});
