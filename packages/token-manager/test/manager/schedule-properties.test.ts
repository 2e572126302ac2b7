import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../src/manager/retry.ts';
import { askAgainAt, isSpread, plannedRenewalAt, renewAt } from '../../src/manager/schedule.ts';
import { random, refresh, retry } from '../support/arbitraries.ts';

test('jitter only makes a refresh earlier, and it is never after the lower bound', () => {
  const life = fc.record({ obtainedAt: fc.nat(1e9), lifeMs: fc.integer({ min: 1, max: 1e9 }) });
  fc.assert(
    fc.property(life, refresh, random, ({ obtainedAt, lifeMs }, policy, draw) => {
      const token = { obtainedAt, expiresAt: obtainedAt + lifeMs, refreshAfter: undefined };
      const at = plannedRenewalAt(token, policy, draw);
      expect(at).toBeLessThanOrEqual(plannedRenewalAt(token, policy, 0));
      expect(at).toBeLessThanOrEqual(token.expiresAt - (policy.lowerRefreshBoundMs ?? 0));
    }),
  );
});

test('a first renewal that is spread is never after the planned one without jitter, nor sooner than another', () => {
  const life = fc.record({
    obtainedAt: fc.nat(1e9),
    lifeMs: fc.integer({ min: 600_000, max: 1e9 }),
    usedMs: fc.nat(1e9),
  });
  fc.assert(
    fc.property(life, refresh, random, ({ obtainedAt, lifeMs, usedMs }, policy, draw) => {
      const token = { obtainedAt, expiresAt: obtainedAt + lifeMs, refreshAfter: undefined };
      const now = obtainedAt + Math.min(usedMs, lifeMs);
      const soonest = renewAt(token, now, { ...policy, expirationRefreshRatio: 0 }, 0, false);
      const at = renewAt(token, now, policy, draw, isSpread(token, policy));
      expect(at).toBeGreaterThanOrEqual(soonest);
      expect(at).toBeLessThanOrEqual(Math.max(soonest, plannedRenewalAt(token, policy, 0)));
    }),
  );
});

test('asking again after an unchanged answer is at least the minimum interval away, and not past expiry by more than the pace', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 1e9 }),
      fc.nat(1e9),
      fc.integer({ min: 1, max: 10 }),
      refresh,
      random,
      fc.boolean(),
      (lifeMs, elapsed, unchanged, policy, draw, spread) => {
        const token = { obtainedAt: 0, expiresAt: lifeMs, refreshAfter: undefined };
        const now = Math.min(elapsed, lifeMs);
        const at = askAgainAt(token, now, unchanged, policy, draw, spread);
        expect(at - now).toBeGreaterThanOrEqual(policy.minIntervalMs);
        expect(at).toBeLessThanOrEqual(lifeMs + Math.max(30_000, policy.minIntervalMs));
      },
    ),
  );
});

test('a retry is within half of and the whole grown delay, never above the longest, and never before Retry-After within its bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      retry,
      random,
      fc.option(fc.nat(1e7), { nil: undefined }),
      (attempt, policy, draw, retryAfterMs) => {
        const delay = retryDelayMs(attempt, { permanent: false, retryAfterMs }, policy, draw);
        const grown = Math.min(policy.maxDelayMs, policy.initialDelayMs * policy.backoffMultiplier ** (attempt - 1));
        const asked = Math.min(retryAfterMs ?? 0, Math.max(policy.maxDelayMs, 600_000));
        expect(delay).toBeGreaterThanOrEqual(Math.max(grown / 2, asked));
        expect(delay).toBeLessThanOrEqual(Math.max(grown, asked * 1.1) + 1e-6);
      },
    ),
  );
});
