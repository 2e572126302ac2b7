import { describe, expect, test } from 'vitest';
import { askAgainAt, isAboutToCome, plannedRenewalAt, safetyMarginMs } from '../../src/manager/schedule.ts';
import { hour, minute, second } from '../support/bench.ts';

/** When the next token is asked for, to the millisecond. */
const policy = {
  expirationRefreshRatio: 0.7,
  lowerRefreshBoundMs: undefined,
  jitterRatio: 0.05,
  minIntervalMs: 1000,
  pastCache: true,
};
const life = { obtainedAt: 0, expiresAt: hour, refreshAfter: undefined };

test('the margin is 3 minutes, or a tenth of a life that is shorter than half an hour', () => {
  const margins = [24 * hour, hour, 30 * minute, 10 * minute, 4 * second, 0, -5].map(safetyMarginMs);
  expect(margins).toEqual([3 * minute, 3 * minute, 3 * minute, minute, 400, 0, 0]);
});

describe('token/earlier-bound-wins', () => {
  test('the ratio of the whole life, less a random part of the jitter', () => {
    expect(plannedRenewalAt(life, policy, 0)).toBe(42 * minute);
    expect(plannedRenewalAt(life, policy, 0.5)).toBe(40.5 * minute);
    expect(plannedRenewalAt({ ...life, obtainedAt: -hour }, policy, 0)).toBe(24 * minute);
  });

  test('the lower bound, where it is earlier; by default it is the margin', () => {
    expect(plannedRenewalAt(life, { ...policy, lowerRefreshBoundMs: 20 * minute }, 0)).toBe(40 * minute);
    expect(plannedRenewalAt(life, { ...policy, expirationRefreshRatio: 1 }, 0)).toBe(57 * minute);
    expect(plannedRenewalAt(life, { ...policy, expirationRefreshRatio: 1, lowerRefreshBoundMs: 0 }, 0)).toBe(hour);
  });

  test('refreshAfter, where it is earlier', () => {
    expect(plannedRenewalAt({ ...life, refreshAfter: 10 * minute }, policy, 0)).toBe(10 * minute);
    expect(plannedRenewalAt({ ...life, refreshAfter: 50 * minute }, policy, 0)).toBe(42 * minute);
  });

  test('a token that is older than its expiry has no life', () => {
    expect(plannedRenewalAt({ ...life, obtainedAt: 2 * hour }, { ...policy, jitterRatio: 1 }, 0.5)).toBe(hour);
  });
});

describe('token/unchanged: after the same token again', () => {
  const after = (
    now: number,
    {
      refreshAfter,
      unchanged = 1,
      draw = 0,
      spread = false,
      ...rest
    }: {
      refreshAfter?: number;
      unchanged?: number;
      draw?: number;
      spread?: boolean;
      expiresAt?: number;
      minIntervalMs?: number;
    } = {},
  ): number =>
    askAgainAt(
      { ...life, refreshAfter, ...(rest.expiresAt === undefined ? {} : { expiresAt: rest.expiresAt }) },
      now,
      unchanged,
      { ...policy, ...(rest.minIntervalMs === undefined ? {} : { minIntervalMs: rest.minIntervalMs }) },
      draw,
      spread,
    );

  test('just inside the last five minutes, where MSAL will fetch', () => {
    expect(after(40 * minute)).toBe(55 * minute + second);
    expect(after(40 * minute, { draw: 0.5 })).toBe(55 * minute + 11 * second);
    expect(after(40 * minute, { unchanged: 9 })).toBe(55 * minute + second);
  });

  test('before refreshAfter: after it, spread over the jitter, because processes that started together all come here', () => {
    expect(after(25 * minute, { refreshAfter: 30 * minute })).toBe(30 * minute + 2 * second);
    expect(after(25 * minute, { refreshAfter: 30 * minute, draw: 0.5 })).toBe(31.5 * minute + 2 * second);
    // The first renewal after a start: up to the ratio.
    expect(after(25 * minute, { refreshAfter: 30 * minute, draw: 0.5, spread: true })).toBe(36 * minute + 2 * second);
  });

  test('never spread past the ratio, and by a second where that has passed', () => {
    expect(after(25 * minute, { refreshAfter: 40 * minute, draw: 0.5 })).toBe(41 * minute + 2 * second);
    expect(after(25 * minute, { refreshAfter: 50 * minute, draw: 0.5 })).toBe(50 * minute + 2.5 * second);
  });

  test('a refreshAfter inside the last five minutes is no better than those', () => {
    expect(after(40 * minute, { refreshAfter: 58 * minute })).toBe(55 * minute + second);
  });

  test('past refreshAfter: soon, because the second call has the new token, but only three times', () => {
    const refreshAfter = 30 * minute;
    expect(after(30 * minute, { refreshAfter })).toBe(30.5 * minute);
    expect(after(31 * minute, { refreshAfter, unchanged: 3 })).toBe(31.5 * minute);
    expect(after(32 * minute, { refreshAfter, unchanged: 4 })).toBe(55 * minute + second);
    expect(after(55 * minute, { refreshAfter, draw: 0.5 })).toBe(55 * minute + 11 * second);
  });

  test('in the last minutes: at a steady pace of half a minute', () => {
    expect(after(55 * minute + second)).toBe(55.5 * minute + second);
    expect(after(59.9 * minute)).toBe(60.4 * minute);
  });

  test('for short lives the pace is a twentieth, and never below the minimum interval', () => {
    expect(after(0, { expiresAt: 4 * minute })).toBe(12 * second);
    expect(after(0, { expiresAt: 4 * second })).toBe(second);
    expect(after(0, { expiresAt: 4 * minute, minIntervalMs: 20 * second })).toBe(20 * second);
    expect(after(0, { expiresAt: 4 * minute, minIntervalMs: minute })).toBe(minute);
    expect(askAgainAt({ ...life, obtainedAt: 55 * minute }, 58 * minute, 1, policy, 0, false)).toBe(
      58 * minute + 15 * second,
    );
  });

  test('never before the minimum interval, also where MSAL would fetch sooner', () => {
    expect(after(55 * minute, { minIntervalMs: 10 * second })).toBe(55 * minute + 10 * second);
  });
});

describe('whether the provider brings another token by itself, so that its cache need not be skipped', () => {
  const from = 10 * hour;
  const day = { obtainedAt: from, expiresAt: from + 24 * hour, refreshAfter: from + 12 * hour };
  const latest = from + 0.7 * 24 * hour;
  const isComing = (now: number, unchanged: number, refreshAfter: number | undefined = day.refreshAfter): boolean =>
    isAboutToCome({ ...day, refreshAfter }, now, unchanged, policy);

  test('not where it named no refreshAfter', () => {
    expect(isAboutToCome({ ...day, refreshAfter: undefined }, from, 0, policy)).toBe(false);
  });

  test('before refreshAfter, where that is no later than the ratio of the life', () => {
    expect(isComing(from, 9)).toBe(true);
    expect(isComing(from, 9, latest)).toBe(true);
    expect(isComing(from, 0, latest + 1)).toBe(false);
  });

  test('from refreshAfter on, for three answers that are the old token', () => {
    expect([0, 3, 4].map((unchanged) => isComing(day.refreshAfter, unchanged))).toEqual([true, true, false]);
    expect(isComing(latest + 1, 3, latest + 1)).toBe(true);
    expect(isComing(day.refreshAfter - 1, 4)).toBe(true);
  });
});
