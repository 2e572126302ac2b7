/**
 * The default of every option that has one, except for `refresh.lowerRefreshBoundMs`, which depends on the token (schedule.ts). The README
 * and the docstrings of the options say the same (test/manager/defaults.test.ts).
 */
export const defaults = {
  scope: 'https://redis.azure.com/.default',
  requestTimeoutMs: 30_000,
  reauthWindowMs: 60_000,
  refresh: { expirationRefreshRatio: 0.7, jitterRatio: 0.05, minIntervalMs: 1000, pastCache: true },
  retry: { initialDelayMs: 500, maxDelayMs: 30_000, backoffMultiplier: 2 },
} as const;

/** The scope of Azure's caches in every cloud. Source: https://learn.microsoft.com/azure/redis/entra-for-authentication */
export const defaultScope: 'https://redis.azure.com/.default' = defaults.scope;
