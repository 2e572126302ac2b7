import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createTokenManager, type TokenEvent } from '../../src/index.ts';
import { TestClock } from '../../src/testing.ts';
import { bench, hour, minute, outcome, second } from '../support/bench.ts';

test('token/close-in-flight (N2): close during a request aborts it, rejects who waits, and is no event', async () => {
  const { clock, provider, manager, events } = bench({ script: ['hang'] });
  const waiting = outcome(manager.credentials());
  await clock.advance(0);
  manager.close();
  await clock.advance(hour);
  expect(provider.requests[0]?.signal.aborted).toBe(true);
  expect(waiting.error?.code).toBe('ERR_MANAGER_CLOSED');
  expect(events).toEqual([]);
});

test('token/close-in-backoff: after close there are no more requests and no timers', async () => {
  const { clock, provider, manager } = bench({ script: [new Error('no route')] });
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_REQUEST_FAILED' });
  manager.close();
  await clock.advance(hour);
  expect(provider.requests).toHaveLength(1);
  expect(clock.timers).toBe(0);
});

test('token/close-twice: closing twice, or without a start, throws nothing; later calls reject with a typed error', async () => {
  const { manager } = bench();
  manager.close();
  manager.close();
  manager[Symbol.dispose]();
  await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_MANAGER_CLOSED' });
  expect(manager.current).toBeUndefined();
  const connection = { identity: { client: 'x' }, canAuthenticate: () => true, authenticate: async () => undefined };
  expect(() => manager.register(connection)).toThrow(expect.objectContaining({ code: 'ERR_MANAGER_CLOSED' }));
});

test('token/listener-throws (N16): a listener that throws stops neither the others nor the refresh, and the provider is not blamed', async () => {
  const { clock, manager, types } = bench();
  const warnings: string[] = [];
  const details: string[] = [];
  const onWarning = (warning: Error & { detail?: string }): void => {
    warnings.push(`${warning.name}: ${warning.message}`);
    details.push(warning.detail ?? '');
  };
  process.on('warning', onWarning);
  const { password } = await manager.credentials();
  manager.subscribe(() => {
    throw new Error('mine');
  });
  manager.subscribe(async () => {
    throw new Error(`async, with ${manager.current?.password}`);
  });
  manager.subscribe(() => new Promise<void>(() => undefined));
  const after: TokenEvent[] = [];
  manager.subscribe((event) => after.push(event));
  await clock.advance(43 * minute);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', onWarning);
  expect(types()).toEqual(['token', 'token']);
  expect(after).toHaveLength(1);
  expect(password).not.toBe(manager.current?.password);
  expect(warnings).toEqual([
    "EntraRedisWarning: A listener of 'token' events threw: Error: mine",
    "EntraRedisWarning: A listener of 'token' events threw: Error: async, with <token>",
  ]);
  for (const detail of details) expect(detail).toContain('lifecycle.test.ts');
  expect(details.join()).not.toMatch(/eyJ/);
});

test('token/listener-throws: a listener that throws what is no error is told, without a place', async () => {
  const { manager } = bench();
  manager.subscribe(() => {
    // oxlint-disable-next-line typescript/only-throw-error : JavaScript may throw anything
    throw 'a text';
  });
  const warned = once(process, 'warning');
  await manager.credentials();
  expect(await warned).toMatchObject([{ message: "A listener of 'token' events threw: Error: a text", detail: '' }]);
});

test('token/listener-unsubscribes: a listener that unsubscribes itself or another inside its callback skips nobody else', async () => {
  const { manager } = bench();
  const called: string[] = [];
  const stopFirst = manager.subscribe(() => {
    called.push('first');
    stopFirst();
    stopSecond();
  });
  const stopSecond = manager.subscribe(() => called.push('second'));
  manager.subscribe(() => called.push('third'));
  await manager.credentials();
  expect(called).toEqual(['first', 'third']);
});

test('an AbortSignal rejects its own caller alone, with its reason', async () => {
  const { clock, manager } = bench({ script: ['hang'] });
  const abort = new AbortController();
  const aborted = outcome(manager.credentials({ signal: abort.signal }));
  const other = outcome(manager.credentials());
  await clock.advance(0);
  const reason = new Error('changed my mind');
  abort.abort(reason);
  await clock.advance(0);
  expect(aborted.error).toBe(reason);
  expect(other).toEqual({});
  await expect(manager.credentials({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a subscription alone requests nothing', async () => {
  const { clock, provider } = bench();
  await clock.advance(hour);
  expect(provider.requests).toHaveLength(0);
});

test('token/close-in-flight: getToken is never called after close, nor after a request ran out of time', async () => {
  const clock = new TestClock();
  const asked: (string | undefined)[] = [];
  let fail: (error: Error) => void = () => undefined;
  const manager = createTokenManager(
    {
      getToken: (_, options) => {
        asked.push(options?.claims);
        return options?.claims === undefined
          ? Promise.resolve({ token: `opaque ${asked.length}`, expiresOnTimestamp: clock.now() + 3600 * second })
          : new Promise((_resolve, reject) => (fail = reject));
      },
    },
    { clock, username: 'me' },
  );
  manager.reject(await manager.credentials(), new Error('WRONGPASS'));
  await clock.advance(second);
  expect(asked).toHaveLength(2);
  manager.close();
  fail(new Error('aborted'));
  await clock.advance(second);
  expect(asked).toHaveLength(2);
});
