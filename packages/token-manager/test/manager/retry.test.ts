import { describe, expect, test } from 'vitest';
import { entraCodes, entraProblemsOf } from '../../src/errors/entra-codes.ts';
import { isPermanent, retryAfterMs, retryDelayMs } from '../../src/manager/retry.ts';

describe('token/permanent-error: no repetition heals', () => {
  test.each(Object.entries(entraCodes).filter(([, problem]) => problem !== 'assertion-time'))(
    'AADSTS%s: %s',
    (code) => {
      expect(isPermanent(new Error(`AADSTS${code}: in words. Trace ID: 700016`))).toBe(true);
    },
  );

  test.each(['invalid_client', 'unauthorized_client', 'invalid_scope', 'unsupported_grant_type'])(
    '%s, wherever it stands',
    (code) => {
      const shapes = [
        { error: code },
        { errorCode: code },
        { errorResponse: { error: code } },
        { errorResponse: { errorDescription: `said ${code}.` } },
        new Error(`${code}: Error(s): 7000215`),
        { message: 'none', errorResponse: { errorDescription: 'AADSTS7000215: wrong' } },
        new Error('1', { cause: new Error('2', { cause: { cause: { cause: { error: code } } } }) }),
        { error: code, cause: new Error('fine') },
      ];
      for (const shape of shapes) expect(isPermanent(shape)).toBe(true);
    },
  );
});

test.each(['50012', '700024'])(
  'token/healing-codes: AADSTS%s heals when the federated token is rotated, also where OAuth calls it an invalid_client',
  (code) => {
    const said = `AADSTS${code}: Client assertion is not within its valid time range.`;
    const shapes = [
      new Error(`invalid_client: Error(s): ${code} - Description: ${said}`),
      { error: 'invalid_client', errorResponse: { errorDescription: said } },
      new Error('invalid_client', { cause: new Error(said) }),
      new Error(`AADSTS70002: Error validating credentials. ${said}`),
    ];
    for (const shape of shapes) expect(isPermanent(shape)).toBe(false);
  },
);

test('the codes of a wrong configuration that the doctor knows are permanent to the manager', () => {
  for (const code of ['70021', '700211', '900021', '50105'])
    expect(isPermanent(new Error(`AADSTS${code}: no`))).toBe(true);
});

test.each([
  'ManagedIdentityCredential: Authentication failed. Message Identity not found',
  'ManagedIdentityCredential: Multiple user assigned identities exist, please specify the clientId / resourceId',
])('token/permanent-error: a managed identity that is not assigned, or not chosen: %s', (said) => {
  expect(isPermanent(new Error(said))).toBe(true);
  expect(isPermanent(new Error('ChainedTokenCredential authentication failed.', { cause: new Error(said) }))).toBe(
    true,
  );
});

test('the problems of a text come in its order; a code that is not listed says nothing', () => {
  expect(entraProblemsOf('AADSTS7000222 AADSTS90033 AADSTS65001')).toEqual(['secret-expired', 'not-allowed']);
  expect(entraProblemsOf('7000222')).toEqual([]);
});

test('token/transient-failure: everything else may heal', () => {
  const circular: { message: string; cause?: unknown } = { message: 'round' };
  circular.cause = circular;
  const others = [
    new Error('AADSTS90033: a transient error has occurred'),
    new Error('AADSTS50196: a loop'),
    new Error('700016 without its prefix'),
    new Error('my_invalid_client_id'),
    { error: 'temporarily_unavailable' },
    { error: { toString: () => 'invalid_client' } },
    circular,
    undefined,
    null,
    0,
    '',
    'a text',
  ];
  for (const error of others) expect(isPermanent(error)).toBe(false);
});

const now = Date.UTC(2026, 0, 1);
const inAMinute = new Date(now + 60_000).toUTCString();
const asked: [string, unknown, number | undefined][] = [
  ['seconds in Headers', { response: { headers: new Headers({ 'retry-after': '120' }) } }, 120_000],
  ['seconds in plain headers', { headers: { 'retry-after': '120' } }, 120_000],
  ['a number of seconds', { headers: { 'retry-after': 120 } }, 120_000],
  ['seconds with spaces', { headers: { 'retry-after': ' 120 ' } }, 120_000],
  ['a date', { headers: { 'retry-after': inAMinute } }, 60_000],
  ['a date that begins and ends with digits', { headers: { 'retry-after': '2026-01-01T00:01:00+00:00' } }, 60_000],
  ['milliseconds', { headers: { 'retry-after-ms': '1500', 'retry-after': '9' } }, 1500],
  ['milliseconds as a number', { response: { headers: { 'retry-after-ms': 1500 } } }, 1500],
  ['retryAfterInMs', { retryAfterInMs: 700, headers: { 'retry-after': '9' } }, 700],
  [
    'the second headers, where the first have none',
    { response: { headers: {} }, headers: { 'retry-after': '3' } },
    3000,
  ],
  ['its cause', { message: 'outer', cause: { headers: { 'retry-after': '3' } } }, 3000],
  ['a date that has passed', { headers: { 'retry-after': new Date(now - 1000).toUTCString() } }, undefined],
  ['no time at all', { headers: { 'retry-after': '0', 'retry-after-ms': '0' }, retryAfterInMs: 0 }, undefined],
  ['nonsense', { headers: { 'retry-after': 'soon', 'retry-after-ms': 'now' }, retryAfterInMs: '700' }, undefined],
  ['a negative number', { headers: { 'retry-after': '-5', 'retry-after-ms': '-5' }, retryAfterInMs: -5 }, undefined],
  ['headers of null', { headers: null, response: { headers: null } }, undefined],
  ['headers as a text', { headers: 'retry-after: 5' }, undefined],
  ['nothing', new Error('no route'), undefined],
  ['no error', undefined, undefined],
];
test.each(asked)('token/throttled (N7): Retry-After as %s', (_, error, expected) => {
  expect(retryAfterMs(error, now)).toBe(expected);
});

const policy = { initialDelayMs: 500, maxDelayMs: 30_000, backoffMultiplier: 2 };
const transient = { permanent: false, retryAfterMs: undefined };

test('token/transient-failure: the delays double from half a second to half a minute, each with jitter of up to its half', () => {
  const delays = (draw: number): number[] =>
    [1, 2, 3, 7, 8, 100].map((attempt) => retryDelayMs(attempt, transient, policy, draw));
  expect(delays(0)).toEqual([250, 500, 1000, 15_000, 15_000, 15_000]);
  expect(delays(0.5)).toEqual([375, 750, 1500, 22_500, 22_500, 22_500]);
  expect(retryDelayMs(0, transient, policy, 0)).toBe(250);
});

test('token/permanent-error: the first delay is the longest already', () => {
  expect(retryDelayMs(1, { ...transient, permanent: true }, policy, 0.5)).toBe(22_500);
});

test('token/throttled: Retry-After is a floor, with jitter of up to a tenth above it', () => {
  expect(retryDelayMs(1, { ...transient, retryAfterMs: 60_000 }, policy, 0)).toBe(60_000);
  expect(retryDelayMs(1, { ...transient, retryAfterMs: 60_000 }, policy, 0.5)).toBe(63_000);
  expect(retryDelayMs(9, { ...transient, retryAfterMs: 10 }, policy, 0)).toBe(15_000);
});
