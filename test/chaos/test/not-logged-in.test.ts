import { expect, test } from 'vitest';
import { notLoggedIn } from '../src/judge/not-logged-in.ts';
import { connection } from './support.ts';

test('a connection whose token has expired, or that has a name and no login, is told', () => {
  const told = notLoggedIn([connection({ id: 1, expiresAt: 1999 }), connection({ id: 2 })], 2000);
  expect(told).toEqual(['connection #1 subscriber is not logged in', 'connection #2 subscriber is not logged in']);
});

test.each([
  ['logged in', { expiresAt: 2001 }],
  ['closed', { closedAt: 1500 }],
  ['new', { openedAt: 1500 }],
  ['to a sentinel, which wants no login', { name: undefined }],
])('one is not: %s', (_what, changes) => {
  expect(notLoggedIn([connection(changes)], 2000)).toEqual([]);
});
