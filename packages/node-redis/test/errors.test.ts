import { expect, test } from 'vitest';
import { withMessage } from '../src/errors.ts';

test('reauth/lost: an error of node-redis without a message is known by its name', () => {
  class TimeoutError extends Error {}
  const cause = new TimeoutError();
  expect(withMessage(cause)).toMatchObject({
    name: 'TimeoutError',
    message: 'TimeoutError in the queue of the client',
    cause,
  });
});

test('any other error stays what it is', () => {
  const refusal = new Error('WRONGPASS');
  expect(withMessage(refusal)).toBe(refusal);
  expect(withMessage('no error at all')).toBe('no error at all');
});
