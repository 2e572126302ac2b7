import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HeldToken, isUsable } from '../../src/manager/state.ts';
import { paced, Run, steps, world } from '../support/state-run.ts';
import { minute } from '../support/bench.ts';

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
    { numRuns: 150 },
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
    { numRuns: 150 },
  );
});

const shareOfLife = fc.option(fc.double({ min: 0, max: 1.5, noNaN: true }), { nil: undefined });
const lifeMs = fc.integer({ min: 3 * minute, max: 24 * 60 * minute });

test('with a healthy provider there is always a usable token after the first, whatever refreshAfter it names', () => {
  fc.assert(
    fc.property(world, lifeMs, shareOfLife, (options, life, share) => {
      // A ratio of 0 asks at every minimum interval: a share of the life keeps the run short.
      const run = new Run(paced(options, life / 100));
      const token = (): HeldToken => run.token(life, share === undefined ? {} : { refreshInMs: share * life });
      run.input({ type: 'demand' });
      run.input({ type: 'answer', requestId: 1, token: token() });
      expect(run.healthy(life * 3, token)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

/** As MSAL answers: from its cache until five minutes before expiry; past `refreshAfter` once more, and from then on anew. */
function cachedAnswers(run: Run, life: number, refreshInMs: number | undefined): () => HeldToken {
  let cached = run.token(life, { refreshInMs });
  let fetching = false;
  return () => {
    const stale = cached.refreshAfter !== undefined && run.now >= cached.refreshAfter;
    if (fetching || run.now >= cached.expiresAt - 5 * minute) {
      fetching = false;
      cached = run.token(life, { refreshInMs });
    } else fetching = stale;
    return cached;
  };
}

/** How long before expiry the next token is due: 3 minutes, or what is left of a short life after nine tenths of it. */
const dueMs = ({ obtainedAt, expiresAt }: HeldToken, lowerRefreshBoundMs: number | undefined): number =>
  Math.min(3 * minute, lowerRefreshBoundMs ?? (expiresAt - obtainedAt) / 10);

test('with a provider that answers from a cache, as MSAL does, there is always a usable token, and the new one comes 3 minutes before expiry, or a tenth of a short life', () => {
  fc.assert(
    fc.property(world, fc.integer({ min: 10 * minute, max: 4 * 60 * minute }), shareOfLife, (options, life, share) => {
      fc.pre((options.refresh.lowerRefreshBoundMs ?? 3 * minute) >= 3 * minute);
      const run = new Run(paced(options, life / 240));
      const answer = cachedAnswers(run, life, share === undefined ? undefined : share * life);
      run.input({ type: 'demand' });
      run.input({ type: 'answer', requestId: 1, token: answer() });
      expect(run.healthy(life * 3, answer)).toBe(0);
      const tokens = run.effects.flatMap((effect) => (effect.type === 'token' && effect.changed ? [effect.token] : []));
      expect(tokens.length).toBeGreaterThanOrEqual(3);
      for (const [i, token] of tokens.slice(1).entries()) {
        const former = tokens[i] as HeldToken;
        const due = former.expiresAt - dueMs(former, options.refresh.lowerRefreshBoundMs);
        expect(token.obtainedAt).toBeLessThanOrEqual(due);
      }
    }),
    { numRuns: 50 },
  );
});

test('after any history a provider that heals heals the manager, within its longest delay', () => {
  fc.assert(
    fc.property(world, steps, (options, script) => {
      const run = new Run(paced(options, minute));
      run.input({ type: 'demand' });
      for (const each of script) run.take(each);
      const longest = options.requestTimeoutMs + options.retry.maxDelayMs + options.refresh.minIntervalMs;
      run.healthy(longest + 3 * 60 * minute, () => run.token(60 * minute));
      expect(isUsable(run.state.token, run.now)).toBe(true);
      expect(run.state.attempt).toBe(0);
    }),
    { numRuns: 100 },
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
