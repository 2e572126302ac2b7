import { expect, test } from 'vitest';
import type { Token, TokenManagerOptions } from '../../src/index.ts';
import { bench, firstRenewal, hour, minute, second } from '../support/bench.ts';

test('token/refresh-in-zone: at the refresh point of a 60 min token there is one request and one token event', async () => {
  const { clock, provider, manager, types } = bench();
  await manager.credentials();
  await clock.advance(firstRenewal + 38 * minute);
  expect(provider.requests).toHaveLength(2);
  await clock.advance(4 * minute);
  expect(provider.requests).toHaveLength(3);
  expect(types()).toEqual(['token', 'token', 'token']);
});

test('token/cached-short-life (N28): a cached token with 6 of its 60 min left is not asked for at ever shorter gaps', async () => {
  const { clock, provider, manager, types, gaps } = bench();
  const cached = provider.issue({ obtainedAt: clock.now() - 54 * minute, expiresAt: clock.now() + 6 * minute });
  provider.script.push(...Array.from({ length: 4 }, () => cached));
  await manager.credentials();
  await clock.advance(3 * minute);
  expect(types()).toEqual(['token', 'token']);
  expect(Math.min(...gaps())).toBeGreaterThanOrEqual(second);
  expect(manager.current?.password).not.toBe(cached.value);
  expect(gaps().slice(-1)[0]).toBeGreaterThanOrEqual(29 * second);
});

test('token/unchanged (N28): the same token or one that expires earlier is no event; another try follows before expiry', async () => {
  const { clock, provider, manager, types } = bench({}, { refresh: { jitterRatio: 0 } });
  const first = provider.issue();
  const older = provider.issue({ expiresAt: first.expiresAt - minute });
  provider.script.push(first, first, older);
  await manager.credentials();
  await clock.advance(50 * minute);
  expect(provider.requests).toHaveLength(3);
  expect(types()).toEqual(['token']);
  await clock.advance(7 * minute);
  expect(types()).toEqual(['token', 'token']);
  expect(provider.requests.length).toBeLessThanOrEqual(5);
});

test('token/earlier-bound-wins: of ratio, lower bound and refreshAfter the earliest decides', async () => {
  const refresh = { jitterRatio: 0, expirationRefreshRatio: 0.9 };
  const ratio = bench({}, { refresh });
  const bound = bench({}, { refresh: { ...refresh, lowerRefreshBoundMs: 20 * minute } });
  const provided = bench({}, { refresh });
  provided.provider.script.push(provided.provider.issue({ refreshAfter: provided.clock.now() + 30 * minute }));
  for (const { manager, clock } of [ratio, bound, provided]) {
    await manager.credentials();
    await clock.advance(55 * minute);
  }
  expect(ratio.gaps()).toEqual([54 * minute]);
  expect(bound.gaps()).toEqual([40 * minute]);
  expect(provided.gaps()[0]).toBe(30 * minute);
});

const hasty: [string, NonNullable<TokenManagerOptions['refresh']>][] = [
  ['ratio 0', { expirationRefreshRatio: 0 }],
  ['a lower bound above the life', { lowerRefreshBoundMs: 2 * hour }],
];
for (const [name, refresh] of hasty) {
  test(`token/minimum-interval (N10): with ${name} requests go on at a pace that never shrinks`, async () => {
    const { clock, manager, gaps } = bench({}, { refresh });
    await manager.credentials();
    await clock.advance(10 * minute);
    expect(new Set(gaps())).toEqual(new Set([30 * second]));
    expect(gaps()).toHaveLength(20);
  });
}

test('token/arrives-used: distinct tokens that each arrive 75 % used are asked for at a pace that never shrinks', async () => {
  const { clock, provider, manager, gaps } = bench();
  const used = () => provider.issue({ obtainedAt: clock.now() - 45 * minute, expiresAt: clock.now() + 15 * minute });
  provider.script.push(...Array.from({ length: 100 }, () => used));
  await manager.credentials();
  await clock.advance(10 * minute);
  expect(new Set(gaps())).toEqual(new Set([30 * second]));
});

test('token/arrives-used: a token with only seconds left is followed by another one before its end', async () => {
  const { clock, provider, manager } = bench();
  provider.script.push(provider.issue({ obtainedAt: clock.now() - hour, expiresAt: clock.now() + 10 * second }));
  await manager.credentials();
  await clock.advance(9 * second);
  expect(provider.requests).toHaveLength(2);
});

test('token/seconds: obtainedAt and refreshAfter in seconds are ignored, and cause no more requests', async () => {
  const { clock, provider, manager, gaps } = bench({}, { refresh: { jitterRatio: 0 } });
  const inSeconds = (): Token => {
    const now = clock.now();
    return provider.issue({ obtainedAt: now / 1000, refreshAfter: (now + 30 * minute) / 1000 });
  };
  provider.script.push(inSeconds, inSeconds);
  await manager.credentials();
  await clock.advance(hour);
  expect(gaps()).toEqual([42 * minute]);
});

for (const expiresAt of [undefined, Number.NaN, 0]) {
  test(`token/bad-expiry (N10): a token that expires at ${expiresAt} is a typed error and backoff, no endless loop`, async () => {
    const { clock, provider, manager, gaps, of } = bench();
    const bad = { ...provider.issue(), expiresAt: expiresAt as number };
    provider.script.push(...Array.from({ length: 1000 }, () => bad));
    await expect(manager.credentials()).rejects.toMatchObject({ code: 'ERR_TOKEN_INVALID' });
    await clock.advance(10 * minute);
    expect(of('failed').length).toBeGreaterThan(10);
    expect(of('failed').length).toBeLessThan(60);
    expect(Math.min(...gaps())).toBeGreaterThanOrEqual(second);
  });
}

test('token/long-life (N12): a life above 2^31 ms causes no early request', async () => {
  const { clock, provider, manager } = bench({ lifetimeMs: 60 * 24 * hour }, { refresh: { jitterRatio: 0 } });
  await manager.credentials();
  for (const [days, requests] of [
    [1, 1],
    [39, 1],
    [2, 2],
  ] as const) {
    // What the heartbeat finds after a sleep, without two heartbeats a minute for weeks.
    clock.sleep(days * 24 * hour);
    await clock.advance(minute);
    expect(provider.requests).toHaveLength(requests);
  }
});

test('token/bad-options (N11): a ratio of undefined means the default, not a 1 ms loop', async () => {
  const { clock, provider, manager } = bench({}, {
    refresh: { expirationRefreshRatio: undefined, jitterRatio: 0 },
  } as never);
  await manager.credentials();
  await clock.advance(38 * minute);
  expect(provider.requests).toHaveLength(1);
});

test('token/jitter-processes (N13): 50 managers renew spread over the life at first, then over the jitter window, none past the margin', async () => {
  let seed = 0;
  const first: number[] = [];
  const instants: number[] = [];
  for (let i = 0; i < 50; i += 1) {
    const { clock, manager, gaps } = bench();
    clock.randomValue = () => {
      seed = (seed * 16807 + 12345) % 2147483647;
      return seed / 2147483647;
    };
    await manager.credentials();
    await clock.advance(85 * minute);
    first.push(gaps()[0] as number);
    instants.push(gaps()[1] as number);
  }
  expect(Math.max(...first)).toBeLessThanOrEqual(42 * minute);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(6 * minute);
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(30 * minute);
  expect(Math.max(...instants)).toBeLessThanOrEqual(42 * minute);
  expect(Math.min(...instants)).toBeGreaterThanOrEqual(39 * minute);
  expect(Math.max(...instants) - Math.min(...instants)).toBeGreaterThan(2 * minute);
});
