import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createCredentials } from '../../src/tokens/credentials.ts';
import { Waiters } from '../../src/manager/waiters.ts';
import { outcome } from '../support/bench.ts';

const credentials = createCredentials('me', 'secret', 1);

/** Calls back for each who waits: how many there are. */
function waiting(waiters: Waiters): number {
  let count = 0;
  waiters.reject(() => {
    count += 1;
    return new Error('no token');
  });
  return count;
}

test('who got credentials, or left, waits no more, and leaves no listener on the signal', async () => {
  const waiters = new Waiters();
  const { signal } = new AbortController();
  const served = waiters.wait(signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  waiters.resolve(credentials);
  expect(await served).toBe(credentials);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(waiting(waiters)).toBe(0);

  const abort = new AbortController();
  const left = outcome(waiters.wait(abort.signal));
  const failed = outcome(waiters.wait(signal));
  const reason = new Error('changed my mind');
  abort.abort(reason);
  expect(waiting(waiters)).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(left.error).toBe(reason);
  expect(failed.error?.message).toBe('no token');
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  expect(waiting(waiters)).toBe(0);
});

test('each who waits gets an error of its own', async () => {
  const waiters = new Waiters();
  const all = [outcome(waiters.wait(undefined)), outcome(waiters.wait(undefined))];
  waiters.reject(() => new Error('no token'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(all.map(({ error }) => error?.message)).toEqual(['no token', 'no token']);
  expect(all[0]?.error).not.toBe(all[1]?.error);
});
