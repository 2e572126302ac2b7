import { expect, test } from 'vitest';
import { hour, minute, second } from '../support/bench.ts';
import { Run } from '../support/state-run.ts';

/** Every draw is one half: half-way between a tenth and 0.7 of an hour is minute 24, half of the jitter before 0.7 is minute 40.5. */
function started({ jitterRatio = 0.05, pastCache = true } = {}): Run {
  const run = new Run({
    refresh: {
      expirationRefreshRatio: 0.7,
      lowerRefreshBoundMs: undefined,
      jitterRatio,
      minIntervalMs: 1000,
      pastCache,
    },
    retry: { initialDelayMs: 500, maxDelayMs: 30_000, backoffMultiplier: 2 },
    requestTimeoutMs: 30_000,
  });
  run.input({ type: 'demand' });
  return run;
}

const answer = (run: Run, token = run.token(hour)): void =>
  void run.input({ type: 'answer', requestId: run.state.requestId, token });
const fail = (run: Run): void =>
  void run.input({
    type: 'failure',
    requestId: run.state.requestId,
    failure: { error: new Error('no'), permanent: false, retryAfterMs: undefined },
  });
/** Goes to the next request; answers whether it is made past the cache of the provider. */
const forcedNext = (run: Run): boolean => {
  run.now = run.state.wakeAt;
  const [effect] = run.input({ type: 'tick' });
  return effect?.type === 'request' && effect.force;
};
/** How long after now the next request is due. */
const due = (run: Run): number => run.state.wakeAt - run.now;

test('the first renewal after a start is spread over the life, past the cache of the provider; later ones are not', () => {
  const run = started();
  answer(run);
  expect(due(run)).toBe(24 * minute);
  expect(forcedNext(run)).toBe(true);
  answer(run);
  expect(due(run)).toBe(40.5 * minute);
  expect(forcedNext(run)).toBe(false);
});

test('it comes no earlier than a tenth of the life, and no later than any other', () => {
  for (const [draw, at] of [
    [0, 42],
    [0.999999, 6],
  ] as const) {
    const run = started();
    run.input({ type: 'answer', requestId: run.state.requestId, token: run.token(hour) }, draw);
    expect(due(run) / minute).toBeCloseTo(at, 3);
  }
});

test('what is left of the life of a token that a cache had is what it is spread over', () => {
  const run = started();
  answer(run, run.token(40 * minute, { ageMs: 20 * minute }));
  // From half a minute after now to minute 42 of the life.
  expect(due(run)).toBe((0.5 * minute + 22 * minute) / 2);
});

test('a token that a cache had for long is renewed at the usual pace', () => {
  const run = started();
  answer(run, run.token(10 * minute, { ageMs: 50 * minute }));
  expect(due(run)).toBe(30 * second);
});

test('a jitter of 0 spreads nothing, and passes no cache', () => {
  const run = started({ jitterRatio: 0 });
  answer(run);
  expect(due(run)).toBe(42 * minute);
  expect(forcedNext(run)).toBe(false);
});

test('a token of less than ten minutes, which Entra does not issue, is renewed by the plan', () => {
  const run = started();
  answer(run, run.token(10 * minute - 1));
  expect(due(run)).toBeCloseTo(0.675 * (10 * minute - 1), 6);
  expect(forcedNext(run)).toBe(false);
  const spread = started();
  answer(spread, spread.token(10 * minute));
  expect(due(spread)).toBe(4 * minute);
});

test('without pastCache it is spread all the same, and passes no cache', () => {
  const run = started({ pastCache: false });
  answer(run);
  expect(due(run)).toBe(24 * minute);
  expect(forcedNext(run)).toBe(false);
});

test('after an outage of the identity provider, in which processes piled up, the renewal is spread as after a start', () => {
  const run = started();
  answer(run);
  forcedNext(run);
  answer(run);
  forcedNext(run);
  fail(run);
  expect(forcedNext(run)).toBe(false);
  answer(run);
  expect(due(run)).toBe(24 * minute);
  expect(forcedNext(run)).toBe(true);
});

test('also where the token ran out meanwhile', () => {
  const run = started();
  answer(run);
  forcedNext(run);
  answer(run);
  run.now += 2 * hour;
  run.input({ type: 'tick' });
  answer(run);
  expect(due(run)).toBe(24 * minute);
});

test('a provider that has no other token yet is asked when it will, spread over what is left until the ratio, and not past its cache again', () => {
  const run = started();
  const day = run.token(24 * hour, { refreshInMs: 12 * hour });
  answer(run, day);
  // Half-way between a tenth of the life and refreshAfter.
  expect(due(run)).toBe(7.2 * hour);
  expect(forcedNext(run)).toBe(true);
  answer(run, day);
  expect(run.now + due(run)).toBe(day.obtainedAt + 14.4 * hour + 2 * second);
  expect(forcedNext(run)).toBe(false);
});
