import { expect, test } from 'vitest';
import { createTokenManager, type EntraRedisError, type TokenManagerOptions } from '../../src/index.ts';
import { resolveOptions } from '../../src/manager/options.ts';

const never = { requestToken: () => new Promise<never>(() => undefined) };

/** What is told of options, or of a source, that cannot work. */
function errorOf(options: unknown, source: unknown = never): string {
  try {
    createTokenManager(source as never, options as TokenManagerOptions).close();
    return 'no error';
  } catch (error) {
    const { name, code, message } = error as EntraRedisError;
    return name === 'EntraRedisError' && code === 'ERR_INVALID_OPTION' ? message : `${name} ${code}`;
  }
}

const ratio = 'a finite number from 0 to 1';
const bad: [unknown, string][] = [
  [{ refresh: { expirationRefreshRatio: -0.1 } }, `"refresh.expirationRefreshRatio" must be ${ratio}, but is -0.1`],
  [{ refresh: { expirationRefreshRatio: 1.1 } }, `"refresh.expirationRefreshRatio" must be ${ratio}, but is 1.1`],
  [
    { refresh: { expirationRefreshRatio: Number.NaN } },
    `"refresh.expirationRefreshRatio" must be ${ratio}, but is NaN`,
  ],
  [{ refresh: { expirationRefreshRatio: '0.5' } }, `"refresh.expirationRefreshRatio" must be ${ratio}, but is '0.5'`],
  [{ refresh: { jitterRatio: 2 } }, `"refresh.jitterRatio" must be ${ratio}, but is 2`],
  [{ refresh: { jitterRatio: -1 } }, `"refresh.jitterRatio" must be ${ratio}, but is -1`],
  [
    { refresh: { lowerRefreshBoundMs: -1 } },
    '"refresh.lowerRefreshBoundMs" must be a finite number of at least 0, but is -1',
  ],
  [{ refresh: { minIntervalMs: 9 } }, '"refresh.minIntervalMs" must be a finite number of at least 10, but is 9'],
  [{ refresh: { minIntervalMs: 0 } }, '"refresh.minIntervalMs" must be a finite number of at least 10, but is 0'],
  [{ retry: { initialDelayMs: -5 } }, '"retry.initialDelayMs" must be a finite number of at least 1, but is -5'],
  [{ retry: { maxDelayMs: 1 } }, '"retry.maxDelayMs" must be a finite number of at least 500, but is 1'],
  [
    { retry: { backoffMultiplier: 0.5 } },
    '"retry.backoffMultiplier" must be a finite number of at least 1, but is 0.5',
  ],
  [
    { clock: { now: Date.now } },
    '"clock" must be an object with the functions now, monotonic, schedule and random, but is an object',
  ],
  [{ clock: null }, '"clock" must be an object with the functions now, monotonic, schedule and random, but is null'],
  [{ retry: { isRetryable: 'yes' } }, `"retry.isRetryable" must be a function, but is 'yes'`],
  [{ requestTimeoutMs: '5' }, `"requestTimeoutMs" must be a finite number of at least 1, but is '5'`],
  [{ requestTimeoutMs: 0 }, '"requestTimeoutMs" must be a finite number of at least 1, but is 0'],
  [{ requestTimeoutMs: {} }, '"requestTimeoutMs" must be a finite number of at least 1, but is an object'],
  [{ reauthWindowMs: Infinity }, '"reauthWindowMs" must be a finite number of at least 0, but is Infinity'],
  [{ scope: '' }, `"scope" must be a non-empty string, but is ''`],
  [{ username: '' }, `"username" must be a non-empty string or a function, but is ''`],
  [{ username: 7 }, '"username" must be a string or function, but is 7'],
  [{ scope: 7 }, '"scope" must be a string, but is 7'],
  [{ refresh: null }, '"refresh" must be an object, but is null'],
  [{ refresh: 'soon' }, `"refresh" must be an object, but is 'soon'`],
  [{ retry: 3 }, '"retry" must be an object, but is 3'],
  [7, '"options" must be an object, but is 7'],
];
for (const [options, message] of bad) {
  test(`token/bad-options (N11): ${message} is told at construction`, () => {
    expect(errorOf(options)).toBe(`Option ${message}.`);
  });
}

test('token/bad-options (N11): an unknown option is named, with those that are known', () => {
  expect(errorOf({ refreshh: {} })).toBe(
    'Unknown option "refreshh". Known options: scope, username, refresh, retry, requestTimeoutMs, reauthWindowMs, clock.',
  );
  expect(errorOf({ refresh: { ratio: 1 } })).toBe(
    'Unknown option "refresh.ratio". Known options: expirationRefreshRatio, lowerRefreshBoundMs, jitterRatio, minIntervalMs, pastCache.',
  );
  expect(errorOf({ retry: { attempts: 3 } })).toBe(
    'Unknown option "retry.attempts". Known options: initialDelayMs, maxDelayMs, backoffMultiplier, isRetryable.',
  );
});

test('token/bad-options: a source that is neither a credential nor a provider is named', () => {
  const expected =
    'Option "source" must be a TokenCredential (getToken) or an IdentityProvider (requestToken), but is ';
  expect(errorOf({}, {})).toBe(`${expected}an object.`);
  expect(errorOf({}, null)).toBe(`${expected}null.`);
  expect(errorOf({}, 'secret')).toBe(`${expected}'secret'.`);
});

test('the bounds themselves are allowed', () => {
  const refresh = { expirationRefreshRatio: 0, jitterRatio: 1, lowerRefreshBoundMs: 0, minIntervalMs: 10 };
  const retry = { initialDelayMs: 1, maxDelayMs: 1, backoffMultiplier: 1, isRetryable: () => true };
  expect(errorOf({ refresh, retry, requestTimeoutMs: 1, reauthWindowMs: 0, username: () => 'me', scope: 's' })).toBe(
    'no error',
  );
  expect(errorOf({ refresh: { expirationRefreshRatio: 1, jitterRatio: 0 } })).toBe('no error');
  expect(errorOf(undefined)).toBe('no error');
});

test('the defaults are those that the README names', () => {
  expect(resolveOptions()).toMatchObject({
    scope: undefined,
    username: undefined,
    isRetryable: undefined,
    requestTimeoutMs: 30_000,
    reauthWindowMs: 60_000,
    refresh: {
      expirationRefreshRatio: 0.7,
      lowerRefreshBoundMs: undefined,
      jitterRatio: 0.05,
      minIntervalMs: 1000,
      pastCache: true,
    },
    retry: { initialDelayMs: 500, maxDelayMs: 30_000, backoffMultiplier: 2 },
  });
});

test('a first delay above the longest by default raises the longest', () => {
  expect(resolveOptions({ retry: { initialDelayMs: 60_000 } }).retry).toMatchObject({ maxDelayMs: 60_000 });
});
