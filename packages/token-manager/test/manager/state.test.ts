import { expect, test } from 'vitest';
import type { HeldToken } from '../../src/manager/state.ts';
import { Run } from '../support/state-run.ts';
import { hour, minute, second } from '../support/bench.ts';

/** The state machine step by step, with a draw of one half for every jitter. */
function start(): Run {
  const run = new Run({
    refresh: {
      expirationRefreshRatio: 0.7,
      lowerRefreshBoundMs: undefined,
      jitterRatio: 0.05,
      minIntervalMs: 1000,
      pastCache: false,
    },
    retry: { initialDelayMs: 500, maxDelayMs: 30_000, backoffMultiplier: 2 },
    requestTimeoutMs: 30_000,
  });
  expect(run.input({ type: 'demand' })).toEqual([{ type: 'request', requestId: 1, force: false }]);
  return run;
}

const answer = (run: Run, token: HeldToken): void =>
  void run.input({ type: 'answer', requestId: run.state.requestId, token });
const fail = (run: Run, permanent = false, retryAfterMs?: number): void =>
  void run.input({
    type: 'failure',
    requestId: run.state.requestId,
    failure: { error: new Error('no'), permanent, retryAfterMs },
  });
const refuse = (run: Run, token: HeldToken): void =>
  void run.input({ type: 'refused', value: token.credentials.password });

/** A manager that holds an hour-long token, a minute after it came. */
function served(): { run: Run; token: HeldToken } {
  const run = start();
  const token = run.token(hour);
  answer(run, token);
  run.now += minute;
  return { run, token };
}

test('until somebody asks nothing happens; a second demand starts no second request', () => {
  const idle = new Run({} as never);
  for (const type of ['tick', 'close'] as const)
    expect(idle.input({ type })).toEqual(type === 'tick' ? [] : [{ type: 'closed' }]);
  const run = start();
  expect(run.input({ type: 'demand' })).toEqual([]);
  expect(run.input({ type: 'tick' })).toEqual([]);
});

test('a token is served with the time of its renewal', () => {
  const run = start();
  const token = run.token(hour);
  expect(run.input({ type: 'answer', requestId: 1, token })).toEqual([
    { type: 'token', token, changed: true, refreshAt: run.now + 24 * minute },
  ]);
  expect(run.state).toMatchObject({ phase: 'waiting', attempt: 0, unchanged: 0, token });
});

test('token/cached-short-life: a token past its renewal when it comes is renewed at the pace of unchanged answers', () => {
  const run = start();
  run.now += 5 * second;
  answer(run, run.token(6 * minute, { ageMs: 54 * minute }));
  expect(run.state.wakeAt).toBe(run.now + 30 * second);
});

test('a request is made when it is due, not before', () => {
  const { run } = served();
  run.now = run.state.wakeAt - 1;
  expect(run.input({ type: 'tick' })).toEqual([]);
  run.now += 1;
  expect(run.input({ type: 'tick' })).toEqual([{ type: 'request', requestId: 2, force: false }]);
});

test('token/hang: a request without an answer is aborted and failed at its timeout', () => {
  const run = start();
  run.now += 30_000;
  expect(run.input({ type: 'tick' })).toMatchObject([
    { type: 'abort', requestId: 1, reason: 'timeout' },
    { type: 'failed', attempt: 1, usable: false, retryAt: run.now + 375 },
  ]);
});

test('token/late-answer: the answer of a request that timed out is not taken, also before the next request', () => {
  const run = start();
  run.now += 30_000;
  run.input({ type: 'tick' });
  const before = run.state;
  expect(run.input({ type: 'answer', requestId: 1, token: run.token(hour) })).toEqual([]);
  fail(run, true);
  expect(run.state).toBe(before);
});

test('token/unchanged: the same token, or one that expires no later, changes nothing but the time of the next request', () => {
  const { run, token } = served();
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  expect(run.input({ type: 'answer', requestId: 2, token })).toMatchObject([{ type: 'token', token, changed: false }]);
  expect(run.state).toMatchObject({ unchanged: 1, token });
  expect(run.state.wakeAt).toBe(token.expiresAt - 5 * minute + 11 * second);
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  const equal = { ...run.token(1), expiresAt: token.expiresAt };
  expect(run.input({ type: 'answer', requestId: 3, token: equal })).toMatchObject([{ token, changed: false }]);
  expect(run.state.unchanged).toBe(2);
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  const newer = run.token(hour);
  expect(run.input({ type: 'answer', requestId: 4, token: newer })).toMatchObject([{ token: newer, changed: true }]);
  expect(run.state.unchanged).toBe(0);
});

test('a token that expires earlier is taken where the one in hand has expired', () => {
  const { run, token } = served();
  run.now = token.expiresAt + 1;
  run.input({ type: 'tick' });
  const odd = { ...run.token(1), expiresAt: token.expiresAt };
  expect(run.input({ type: 'answer', requestId: 2, token: odd })).toMatchObject([{ token: odd, changed: true }]);
});

test('token/sleep: a token that expired while the next request was still far is asked for at once', () => {
  const { run, token } = served();
  for (const at of [40.6, 57, 59.9]) {
    run.now = token.expiresAt - hour + at * minute;
    run.input({ type: 'tick' });
    answer(run, token);
  }
  expect(run.state.wakeAt).toBeGreaterThan(token.expiresAt + second);
  run.now = token.expiresAt - 1;
  expect(run.input({ type: 'tick' })).toEqual([]);
  run.now += 1;
  expect(run.input({ type: 'tick' })).toMatchObject([{ type: 'request' }]);
});

test('token/outage-past-expiry: an expired token does not shorten the backoff', () => {
  const { run, token } = served();
  run.now = token.expiresAt - second;
  run.input({ type: 'tick' });
  fail(run, true);
  run.now = token.expiresAt + second;
  expect(run.input({ type: 'tick' })).toEqual([]);
  run.now = run.state.wakeAt;
  expect(run.input({ type: 'tick' })).toMatchObject([{ type: 'request' }]);
});

test('a failure says whether the token in hand is still usable; a permanent one is held until the next request', () => {
  const { run, token } = served();
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  fail(run, true);
  expect(run.effects.at(-1)).toMatchObject({ type: 'failed', attempt: 1, usable: true, retryAt: run.now + 22_500 });
  expect(run.state.failsAtOnce).toBe(true);
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  expect(run.state.failsAtOnce).toBe(false);
  run.now = token.expiresAt;
  fail(run);
  expect(run.effects.at(-1)).toMatchObject({ attempt: 2, usable: false });
  expect(run.state.failsAtOnce).toBe(false);
});

test('connect/refused: the first refusal discards the token and forces a request; nothing is known of another token', () => {
  const { run, token } = served();
  expect(run.input({ type: 'refused', value: 'another' })).toEqual([]);
  expect(run.state.token).toBe(token);
  expect(run.input({ type: 'refused', value: token.credentials.password })).toEqual([
    { type: 'request', requestId: 2, force: true },
  ]);
  expect(run.state).toMatchObject({ token: undefined, refusals: 1, refused: token.credentials.password });
  expect(run.input({ type: 'refused', value: token.credentials.password })).toEqual([]);
  expect(run.state.refusals).toBe(1);
});

test('connect/refused: within the minimum interval after a request the forced one waits for its end', () => {
  const run = start();
  const token = run.token(hour);
  answer(run, token);
  expect(run.input({ type: 'refused', value: token.credentials.password })).toEqual([]);
  run.now += second;
  expect(run.input({ type: 'tick' })).toEqual([{ type: 'request', requestId: 2, force: true }]);
});

test('connect/refused: a refusal during a request leaves that request alone: its answer is taken', () => {
  const { run, token } = served();
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  expect(run.input({ type: 'refused', value: token.credentials.password })).toEqual([]);
  expect(run.state).toMatchObject({ phase: 'requesting', requestId: 2, token: undefined });
  const fresh = run.token(hour);
  answer(run, fresh);
  expect(run.state).toMatchObject({ token: fresh, refusals: 0, refused: undefined });
});

test('connect/refused: the token of the forced request refused too stays in use, and the next request is paced, up to a quarter of its life', () => {
  const { run, token } = served();
  refuse(run, token);
  const second_ = run.token(hour);
  answer(run, second_);
  expect(run.effects.at(-1)).toMatchObject({ type: 'token', changed: true });
  refuse(run, second_);
  expect(run.state).toMatchObject({ phase: 'waiting', token: second_, refusals: 2, wakeAt: run.now + second });
  // Told again of the same token, by another connection, nothing is counted.
  refuse(run, second_);
  expect(run.state.refusals).toBe(2);
  const gaps: number[] = [];
  for (let i = 0; i < 14; i += 1) {
    run.now = run.state.wakeAt;
    run.input({ type: 'tick' });
    expect(run.effects.at(-1)).toMatchObject({ type: 'request', force: true });
    const next = run.token(hour);
    answer(run, next);
    refuse(run, next);
    gaps.push(run.state.wakeAt - run.now);
  }
  expect(gaps.slice(0, 4)).toEqual([1500, 3000, 6000, 12_000]);
  expect(Math.max(...gaps)).toBe((hour / 4) * 0.75);
});

test('connect/refused: the refused token once more is served again, without an event, and its next refusal counts', () => {
  const { run, token } = served();
  refuse(run, token);
  expect(run.input({ type: 'answer', requestId: 2, token })).toMatchObject([{ type: 'token', token, changed: false }]);
  expect(run.state).toMatchObject({ refused: undefined, refusals: 1 });
  refuse(run, token);
  expect(run.state.refusals).toBe(2);
});

test('token/throttled: a refusal while the provider wants to be left alone waits for the end of that time', () => {
  const { run, token } = served();
  run.now = run.state.wakeAt;
  run.input({ type: 'tick' });
  fail(run, false, 2 * minute);
  const { wakeAt } = run.state;
  run.now += 10 * second;
  expect(run.input({ type: 'refused', value: token.credentials.password })).toEqual([]);
  expect(run.state).toMatchObject({ token: undefined, wakeAt });
  run.now = wakeAt;
  expect(run.input({ type: 'tick' })).toEqual([{ type: 'request', requestId: 3, force: true }]);
});

test('close aborts a request under way, and only such a one', () => {
  const run = start();
  expect(run.input({ type: 'close' })).toEqual([{ type: 'abort', requestId: 1, reason: 'closed' }, { type: 'closed' }]);
  const { run: waiting } = served();
  expect(waiting.input({ type: 'close' })).toEqual([{ type: 'closed' }]);
  expect(waiting.input({ type: 'close' })).toEqual([]);
  expect(waiting.state).toMatchObject({ phase: 'closed', token: undefined, wakeAt: Infinity });
});
