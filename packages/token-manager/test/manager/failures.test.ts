import { expect, test } from 'vitest';
import type { EntraRedisError } from '../../src/index.ts';
import { bench, hour, minute, outcome, second } from '../support/bench.ts';

const failing = (count: number, error: () => Error = () => new Error('no route')): Error[] =>
  Array.from({ length: count }, error);

test('token/transient-failure (N6, N9): three failures, the first token included, are retried with backoff, then the token comes', async () => {
  const { clock, manager, types, gaps } = bench({ script: failing(3) });
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
  await clock.advance(10 * second);
  expect(types()).toEqual(['failed', 'failed', 'failed', 'token']);
  expect(gaps()).toEqual([1000, 1000, 1500]);
  expect(manager.current).toBeDefined();
});

test('token/transient-failure: while a token is usable a failed refresh is a retry event, and the token goes on being served', async () => {
  const { clock, provider, manager, types } = bench();
  const first = await manager.credentials();
  provider.script.push(...failing(3));
  await clock.advance(40.6 * minute);
  expect(await manager.credentials()).not.toBe(first);
  expect(types()).toEqual(['token', 'retry', 'retry', 'retry', 'token']);
});

test('token/isolated-failures: one recovered failure in each of 100 cycles adds up to nothing', async () => {
  const { clock, provider, manager, of } = bench();
  await manager.credentials();
  for (let cycle = 0; cycle < 100; cycle += 1) {
    provider.script.push(new Error('blip'));
    await clock.advance(41 * minute);
  }
  expect(of('retry')).toHaveLength(100);
  expect(of('retry').every((event) => event.attempt === 1)).toBe(true);
  expect(manager.current).toBeDefined();
});

test('token/outage-inside-lifetime (N8): hours of outage never stop the manager; the token is served until it expires', async () => {
  const { clock, provider, manager, of, gaps } = bench({ lifetimeMs: 24 * hour });
  const first = await manager.credentials();
  provider.script.push(...failing(5000));
  await clock.advance(23.9 * hour);
  expect(await manager.credentials()).toBe(first);
  expect(of('failed')).toHaveLength(0);
  expect(Math.max(...gaps().slice(1))).toBeLessThanOrEqual(30 * second);
  await clock.advance(hour);
  expect(manager.current).toBeUndefined();
  expect(of('failed').length).toBeGreaterThan(50);
});

test('token/outage-past-expiry (N8): when the provider comes back after expiry the manager recovers by itself', async () => {
  const { clock, provider, manager, events } = bench();
  await manager.credentials();
  provider.script.push(...failing(5000));
  await clock.advance(3 * hour);
  expect(manager.current).toBeUndefined();
  provider.script.length = 0;
  await clock.advance(31 * second);
  expect(manager.current).toBeDefined();
  expect(events.at(-1)?.type).toBe('token');
});

const permanentErrors = [
  Object.assign(new Error('AADSTS7000215: Invalid client secret provided.'), { name: 'AuthenticationRequiredError' }),
  Object.assign(new Error('failed'), { errorResponse: { error: 'invalid_client' } }),
  new Error('outer', { cause: new Error('unauthorized_client: AADSTS700016') }),
];
for (const error of permanentErrors) {
  test(`token/permanent-error: ${error.message} is flagged and retried slowly`, async () => {
    const { clock, provider, manager, of, gaps } = bench();
    await manager.credentials();
    provider.script.push(...failing(200, () => error));
    await clock.advance(50 * minute);
    expect(of('failed')[0]).toMatchObject({ permanent: true, attempt: 1 });
    expect(of('retry')).toHaveLength(0);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(15 * second);
  });
}

test('token/permanent-error: without a token a caller learns it at once, and again, each with an error of its own', async () => {
  const { manager } = bench({ script: failing(9, () => permanentErrors[0] as Error) });
  const first = await manager.credentials().catch((error: EntraRedisError) => error);
  const second_ = await manager.credentials().catch((error: EntraRedisError) => error);
  expect(first).not.toBe(second_);
  expect(second_).toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED', cause: permanentErrors[0] });
});

test('token/permanent-error (N6): isRetryable decides where it is given', async () => {
  const { clock, manager, of } = bench({ script: failing(1) }, { retry: { isRetryable: () => false } });
  await expect(manager.credentials()).rejects.toThrow('no route');
  expect(of('failed')[0]).toMatchObject({ permanent: true });
  await clock.advance(30 * second);
  expect(manager.current).toBeDefined();
});

const throttled: [string, () => Error][] = [
  [
    'a RestError',
    () =>
      Object.assign(new Error('429'), {
        statusCode: 429,
        response: { headers: new Headers({ 'retry-after': '120' }) },
      }),
  ],
  [
    'an MSAL error',
    () =>
      Object.assign(
        new Error('outer', { cause: Object.assign(new Error('429'), { headers: { 'retry-after': '120' } }) }),
      ),
  ],
  ['retryAfterInMs', () => Object.assign(new Error('429'), { retryAfterInMs: 120_000 })],
  ['retry-after-ms', () => Object.assign(new Error('429'), { headers: { 'retry-after-ms': '120000' } })],
];
for (const [shape, error] of throttled) {
  test(`token/throttled (N7): Retry-After 120 in ${shape} is waited for`, async () => {
    const { clock, manager, gaps } = bench({ script: [error()] });
    const first = outcome(manager.credentials());
    await clock.advance(119 * second);
    expect(first.error?.code).toBe('ERR_TOKEN_REQUEST_FAILED');
    expect(gaps()).toEqual([]);
    await clock.advance(20 * second);
    expect(gaps()).toHaveLength(1);
  });
}

test('token/throttled (N7): Retry-After may be a date', async () => {
  const { clock, provider, manager, gaps } = bench();
  const at = new Date(clock.now() + 90 * second).toUTCString();
  provider.script.push(Object.assign(new Error('503'), { response: { headers: { 'retry-after': at } } }));
  outcome(manager.credentials());
  await clock.advance(2 * minute);
  expect(gaps()[0]).toBeGreaterThanOrEqual(90 * second);
});

test('token/hang (N15): a request without an answer is aborted at the timeout, told, and retried', async () => {
  const { clock, provider, manager, types } = bench({ script: ['hang'] });
  const waiting = outcome(manager.credentials());
  await clock.advance(29 * second);
  expect(provider.requests[0]?.signal.aborted).toBe(false);
  await clock.advance(3 * second);
  expect(provider.requests[0]?.signal.aborted).toBe(true);
  expect(waiting.error?.code).toBe('ERR_TOKEN_REQUEST_TIMEOUT');
  expect(types()).toEqual(['failed', 'token']);
});

test('token/late-answer: the answer of a request that timed out changes nothing', async () => {
  let answerLate: () => void = () => undefined;
  const { clock, provider, manager, events } = bench();
  provider.script.push(
    () => new Promise((resolve) => (answerLate = () => resolve(provider.issue({ expiresAt: clock.now() + 9 * hour })))),
  );
  outcome(manager.credentials());
  await clock.advance(32 * second);
  const { current } = manager;
  const told = events.length;
  answerLate();
  await clock.advance(0);
  expect(manager.current).toBe(current);
  expect(events).toHaveLength(told);
});

test('token/single-flight (N21): 100 callers without a token share one request', async () => {
  const { provider, manager } = bench();
  const all = await Promise.all(Array.from({ length: 100 }, () => manager.credentials()));
  expect(provider.requests).toHaveLength(1);
  expect(new Set(all.map((credentials) => credentials.password)).size).toBe(1);
});

test('token/shared-failure (N1): all callers of a failed first request reject, and the next call starts afresh', async () => {
  const { clock, provider, manager } = bench({ script: [new Error('no route')] });
  const all = await Promise.allSettled(Array.from({ length: 100 }, () => manager.credentials()));
  expect(all.every((each) => each.status === 'rejected' && each.reason.code === 'ERR_TOKEN_REQUEST_FAILED')).toBe(true);
  const next = manager.credentials();
  await clock.advance(second);
  expect((await next).username).toBe(provider.objectId);
});

test('N24: the error of the identity provider is kept as the cause', async () => {
  const cause = new Error('ENOTFOUND');
  const { manager, of } = bench({ script: [cause] });
  await expect(manager.credentials()).rejects.toMatchObject({ cause });
  expect(of('failed')[0]?.error.cause).toBe(cause);
});
