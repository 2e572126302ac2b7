import { expect, test } from 'vitest';
import { Run } from '../support/state-run.ts';
import { hour, minute, second } from '../support/bench.ts';

/** Half of an hour's life after a start, 3 minutes of it otherwise; every draw is one half. */
function started(startJitterRatio = 0.5): Run {
  const run = new Run({
    refresh: {
      expirationRefreshRatio: 0.7,
      lowerRefreshBoundMs: undefined,
      jitterRatio: 0.05,
      startJitterRatio,
      minIntervalMs: 1000,
      pastCache: false,
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

test('the first renewal after a start is spread over the start jitter, past the cache of the provider; later ones are not', () => {
  const run = started();
  answer(run);
  expect(due(run)).toBe(27 * minute);
  expect(forcedNext(run)).toBe(true);
  answer(run);
  expect(due(run)).toBe(40.5 * minute);
  expect(forcedNext(run)).toBe(false);
});

test('a start jitter of no more than the ordinary one needs no request past the cache', () => {
  for (const ratio of [0, 0.05]) {
    const run = started(ratio);
    answer(run);
    expect(due(run)).toBe((42 - 30 * ratio) * minute);
    expect(forcedNext(run)).toBe(false);
  }
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
  expect(due(run)).toBe(27 * minute);
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
  expect(due(run)).toBe(27 * minute);
});

test('a provider that has no other token yet is asked when it will, spread over the start jitter', () => {
  const run = started();
  answer(run, run.token(24 * hour, { refreshInMs: 12 * hour }));
  expect(due(run)).toBe(6 * hour);
  forcedNext(run);
  answer(run, run.state.token);
  // Half of the way from refreshAfter to the ratio, which comes before half of the start jitter.
  expect(due(run)).toBe(6 * hour + 2.4 * hour + 2 * second);
});
