import { describe, expect, test } from 'vitest';
import type { Token } from '../../src/index.ts';
import { validateToken, usernameOf } from '../../src/tokens/validate-token.ts';
import { makeJwt } from '../../src/testing.ts';

const now = Date.UTC(2026, 0, 1);
const good: Token = { value: 'v', expiresAt: now + 1, obtainedAt: now - 5 };

describe('token/bad-expiry: an answer that is no usable token says what is wrong with it', () => {
  const bad: [unknown, string][] = [
    [undefined, 'it has no value'],
    [null, 'it has no value'],
    [{ ...good, value: '' }, 'it has no value'],
    [{ ...good, value: 7 }, 'it has no value'],
    [{ value: 'v' }, 'expiresAt is missing; it must be a number of ms since the epoch'],
    [{ ...good, expiresAt: '2026' }, "expiresAt is '2026'; it must be a number of ms since the epoch"],
    [{ ...good, expiresAt: Infinity }, 'expiresAt is Infinity; it must be a number of ms since the epoch'],
    [
      { ...good, expiresAt: new Date(now) },
      'expiresAt is a Date; it must be a number of ms since the epoch: pass its getTime()',
    ],
    [{ ...good, expiresAt: now }, `expiresAt is ${now}, which has passed already; check the clock of this machine`],
    [{ ...good, expiresAt: -1 }, 'expiresAt is -1, which has passed already; check the clock of this machine'],
  ];
  test.each(bad)('%j', (token, what) => {
    expect(() => validateToken(token as Token, now)).toThrow(
      expect.objectContaining({
        code: 'ERR_TOKEN_INVALID',
        message: `The identity provider's answer is not a usable token: ${what}.`,
      }),
    );
  });
});

test('of an answer that will do, what counts is kept; a start of its life that cannot be is now', () => {
  expect(validateToken({ ...good, more: 1 } as Token, now)).toEqual(good);
  expect(validateToken({ ...good, refreshAfter: now - 4 }, now)).toEqual({ ...good, refreshAfter: now - 4 });
  for (const refreshAfter of [Number.NaN, 0, now / 1000, now - 5])
    expect(validateToken({ ...good, refreshAfter }, now)).toEqual(good);
  for (const obtainedAt of [now + 5, Number.NaN, undefined, 0, now / 1000])
    expect(validateToken({ ...good, obtainedAt: obtainedAt as number }, now)).toEqual({ ...good, obtainedAt: now });
});

test('token/no-oid (N23): without a user name the error says what to set', () => {
  const noName = (message: string) => expect.objectContaining({ code: 'ERR_NO_OBJECT_ID', message });
  const named = makeJwt({ oid: 'me' });
  const unnamed =
    'The token names no object id (oid claim). Set the "username" option to the object id of the identity.';
  expect(() => usernameOf(good, undefined)).toThrow(noName(unnamed));
  expect(() => usernameOf({ ...good, value: makeJwt({ oid: '' }) }, undefined)).toThrow(noName(unnamed));
  for (const nothing of ['', 7, undefined])
    expect(() => usernameOf({ ...good, value: named }, () => nothing as string)).toThrow(
      noName('The username function returned no user name.'),
    );
  expect(usernameOf({ ...good, value: named }, undefined)).toBe('me');
  expect(usernameOf({ ...good, value: named }, 'other')).toBe('other');
  expect(usernameOf(good, ({ value }) => `user of ${value}`)).toBe('user of v');
});
