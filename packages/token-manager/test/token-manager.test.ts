import { expect, test } from 'vitest';
import { createTokenManager, type TokenEvent } from '../src/index.ts';
import { ScriptedProvider, TestClock } from '../src/testing.ts';

const minute = 60_000;

function start(options: ConstructorParameters<typeof ScriptedProvider>[1] = {}) {
  const clock = new TestClock();
  const provider = new ScriptedProvider(clock, options);
  const manager = createTokenManager(provider, { clock });
  const events: TokenEvent[] = [];
  manager.subscribe((event) => events.push(event));
  return { clock, provider, manager, events };
}

test('token/refresh-in-zone: at the refresh point of a 60 min token there is one request and one token event', async () => {
  const { clock, provider, manager, events } = start();
  await manager.credentials();
  await clock.advance(38 * minute);
  expect(provider.requests).toHaveLength(1);
  await clock.advance(4 * minute);
  expect(provider.requests).toHaveLength(2);
  expect(events.map((event) => event.type)).toEqual(['token', 'token']);
  manager.close();
  expect(clock.timers).toBe(0);
});

test('token/single-flight: 100 callers without a token share one request', async () => {
  const { provider, manager } = start();
  const all = await Promise.all(Array.from({ length: 100 }, () => manager.credentials()));
  expect(provider.requests).toHaveLength(1);
  expect(new Set(all.map((credentials) => credentials.password)).size).toBe(1);
});

test('token/shared-failure: all callers of a failed first request reject, and the next call starts afresh', async () => {
  const { clock, provider, manager } = start({ script: [new Error('no route')] });
  const all = await Promise.allSettled(Array.from({ length: 100 }, () => manager.credentials()));
  expect(all.every((each) => each.status === 'rejected' && each.reason.code === 'ERR_TOKEN_REQUEST_FAILED')).toBe(true);
  const next = manager.credentials();
  await clock.advance(1000);
  expect((await next).username).toBe(provider.objectId);
});
