import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createCredentials, type Credentials } from '../../src/tokens/credentials.ts';
import { Waiters } from '../../src/manager/waiters.ts';
import { bench, minute, outcome } from '../support/bench.ts';

const credentials = createCredentials('me', 'secret', 1);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
  waiters.release(() => credentials);
  expect(await served).toBe(credentials);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  expect(waiting(waiters)).toBe(0);

  const abort = new AbortController();
  const left = outcome(waiters.wait(abort.signal));
  const failed = outcome(waiters.wait(signal));
  const reason = new Error('changed my mind');
  abort.abort(reason);
  expect(waiting(waiters)).toBe(1);
  await turn();
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
  await turn();
  expect(all.map(({ error }) => error?.message)).toEqual(['no token', 'no token']);
  expect(all[0]?.error).not.toBe(all[1]?.error);
});

/** A thousand callers wait for a token, which is there with `answer`. */
async function aThousandWait() {
  const answers: (() => void)[] = [];
  const asked = bench({
    script: [() => new Promise((resolve) => answers.push(() => resolve(asked.provider.issue())))],
  });
  const callers = Array.from({ length: 1000 }, () => outcome(asked.manager.credentials()));
  const served = (): number => callers.filter(({ value }) => value !== undefined).length;
  await turn();
  expect(served()).toBe(0);
  return { ...asked, callers, served, answer: () => answers[0]?.() };
}

test('a thousand who wait for one token get it a few in each turn of the event loop, first come first served', async () => {
  const { callers, served, answer } = await aThousandWait();
  answer();
  for (let former = 0; former < callers.length; former = served()) {
    await turn();
    expect(served()).toBeGreaterThan(former);
    expect(served()).toBeLessThanOrEqual(former + 64);
    expect(callers.findLastIndex(({ value }) => value !== undefined)).toBe(served() - 1);
  }
});

test('who still waits when the manager is closed is rejected', async () => {
  const { manager, callers, served, answer } = await aThousandWait();
  answer();
  await turn();
  const before = served();
  manager.close();
  await turn();
  expect(before).toBeLessThan(1000);
  expect(served()).toBe(before);
  expect(callers.filter(({ error }) => error?.code === 'ERR_MANAGER_CLOSED')).toHaveLength(1000 - before);
});

test('who still waits when the token is refused gets the next one', async () => {
  const { manager, clock, callers, served, answer } = await aThousandWait();
  answer();
  await turn();
  const before = served();
  const refused = callers[0]?.value as Credentials;
  manager.reject(refused, new Error('WRONGPASS'));
  await clock.advance(minute);
  for (let i = 0; i < 1000; i += 1) await turn();
  expect(served()).toBe(1000);
  expect(callers.filter(({ value }) => value === refused)).toHaveLength(before);
});

test('no turn of the event loop is taken when everybody has credentials, and none is given where there are none any more', async () => {
  const waiters = new Waiters();
  const given: (Credentials | undefined)[] = [credentials, undefined];
  const asked: (Credentials | undefined)[] = [];
  const current = (): Credentials | undefined => {
    const next = given.shift();
    asked.push(next);
    return next;
  };
  const first = outcome(waiters.wait(undefined));
  waiters.release(current);
  for (let i = 0; i < 3; i += 1) await turn();
  expect(first.value).toBe(credentials);
  expect(asked).toEqual([credentials]);

  const second = outcome(waiters.wait(undefined));
  waiters.release(current);
  await turn();
  expect(second).toEqual({});
  expect(asked).toEqual([credentials, undefined]);
  expect(waiting(waiters)).toBe(1);
});
