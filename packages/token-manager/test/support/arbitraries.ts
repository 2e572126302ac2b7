import * as fc from 'fast-check';
import type { RetryPolicy } from '../../src/manager/retry.ts';
import type { RenewalPolicy } from '../../src/manager/schedule.ts';

const minute = 60_000;
export const refresh: fc.Arbitrary<RenewalPolicy> = fc.record({
  expirationRefreshRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  lowerRefreshBoundMs: fc.option(fc.nat(2 * 3_600_000), { nil: undefined }),
  jitterRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  minIntervalMs: fc.integer({ min: 10, max: minute }),
  pastCache: fc.boolean(),
});
export const retry: fc.Arbitrary<RetryPolicy> = fc
  .record({
    initialDelayMs: fc.integer({ min: 1, max: minute }),
    growth: fc.nat(10 * minute),
    backoffMultiplier: fc.double({ min: 1, max: 10, noNaN: true }),
  })
  .map(({ initialDelayMs, growth, backoffMultiplier }) => ({
    initialDelayMs,
    maxDelayMs: initialDelayMs + growth,
    backoffMultiplier,
  }));
export const random: fc.Arbitrary<number> = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
