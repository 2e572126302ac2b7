import { EntraRedisError, invalidOption } from '../errors/errors.ts';
import { type Clock, systemClock } from '../time.ts';
import type { Token } from '../tokens/credentials.ts';
import { defaults } from './defaults.ts';
import type { RetryPolicy } from './retry.ts';
import type { RenewalPolicy } from './schedule.ts';

export interface TokenManagerOptions {
  /**
   * What the token is for. Default `https://redis.azure.com/.default`; the application id form
   * `acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default` also works. It has no effect on an `IdentityProvider`.
   */
  scope?: string;
  /** What AUTH sends as the user name. Default: the `oid` claim of the token. Needed for tokens that are not JWTs. */
  username?: string | ((token: Token) => string);
  refresh?: RefreshOptions;
  retry?: RetryOptions;
  /** A request to the identity provider is abandoned after this time. Default 30,000 ms. */
  requestTimeoutMs?: number;
  /** The re-AUTHs after a renewal are spread over at most this time. Default 60,000 ms; less for short-lived tokens. */
  reauthWindowMs?: number;
  /** Time, for tests. Default: the system's. */
  clock?: Clock;
}

/** When to renew: the earliest of ratio, lower bound and the provider's `refreshAfter`. */
export interface RefreshOptions {
  /** The part of a token's lifetime after which the next one is requested, 0 to 1. Default 0.7. */
  expirationRefreshRatio?: number;
  /** The next token is requested at the latest this long before expiry. Default: 3 min, or a tenth of the lifetime if that is shorter. */
  lowerRefreshBoundMs?: number;
  /**
   * The request is earlier by a random part of up to this much of the lifetime, 0 to 1, so that processes do not renew at the same time. The
   * first one after a start or after failed requests comes at a random time from a tenth of the lifetime on, past the provider's own cache, so
   * that processes that started together separate at once; not with tokens that are valid for less than ten minutes. 0: no jitter at all. Default 0.05.
   */
  jitterRatio?: number;
  /**
   * If a renewal returns the current token, because the provider's own cache keeps it (MSAL: until five minutes before
   * expiry), the manager requests it again, past that cache: an outage that begins later is bridged for the rest of the lifetime. If a
   * provider cannot skip its cache (managed identity, Azure CLI), the manager learns that and waits for the cache. Default true.
   */
  pastCache?: boolean;
  /** Requests start at least this far apart, whatever happens. At least 10; default 1,000 ms. */
  minIntervalMs?: number;
}

/** When to retry a failed request. There is no limit on attempts. A random part of up to half is taken off each delay. */
export interface RetryOptions {
  /** Default 500 ms; at least 1. A Retry-After of the provider is a floor, up to ten minutes or `maxDelayMs`, and no later than the current token allows. */
  initialDelayMs?: number;
  /** The longest delay, and the delay after a permanent failure. At least `initialDelayMs`; default 30,000 ms, or `initialDelayMs` if that is longer. */
  maxDelayMs?: number;
  /** At least 1; default 2. */
  backoffMultiplier?: number;
  /** Returns false for errors that a retry does not fix: the next attempt then waits for `maxDelayMs`. Default: by OAuth and AADSTS codes. */
  isRetryable?: (error: unknown) => boolean;
}

export interface Settings {
  readonly scope: string | undefined;
  readonly username: TokenManagerOptions['username'];
  readonly refresh: RenewalPolicy;
  readonly retry: RetryPolicy;
  readonly isRetryable: ((error: unknown) => boolean) | undefined;
  readonly requestTimeoutMs: number;
  readonly reauthWindowMs: number;
  readonly clock: Clock;
}

function numberIn(name: string, value: unknown, low: number, high: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high) return value;
  throw invalidOption(
    name,
    value,
    `a finite number ${high === Infinity ? `of at least ${low}` : `from ${low} to ${high}`}`,
  );
}

function checkType(name: string, value: unknown, ...types: string[]): void {
  if (value !== undefined && !types.includes(typeof value)) throw invalidOption(name, value, `a ${types.join(' or ')}`);
}

function checkClock(clock: unknown): void {
  const given = clock as Partial<Clock> | null | undefined;
  const functions = [given?.now, given?.monotonic, given?.schedule, given?.random];
  if (given === undefined || functions.every((each) => typeof each === 'function')) return;
  throw invalidOption('clock', clock, 'an object with the functions now, monotonic, schedule and random');
}

export function checkKeys(prefix: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) throw invalidOption(prefix || 'options', given, 'an object');
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new EntraRedisError(
        'ERR_INVALID_OPTION',
        `Unknown option "${prefix ? `${prefix}.` : ''}${key}". Known options: ${known.join(', ')}.`,
      );
    }
  }
}

const known = ['scope', 'username', 'refresh', 'retry', 'requestTimeoutMs', 'reauthWindowMs', 'clock'];
const knownRefresh = ['expirationRefreshRatio', 'lowerRefreshBoundMs', 'jitterRatio', 'minIntervalMs', 'pastCache'];
const knownRetry = ['initialDelayMs', 'maxDelayMs', 'backoffMultiplier', 'isRetryable'];

/** The options with their defaults; throws ERR_INVALID_OPTION for the first that cannot work. */
export function resolveOptions(options: TokenManagerOptions = {}): Settings {
  checkKeys('', options, known);
  const { refresh = {}, retry = {} } = options;
  checkKeys('refresh', refresh, knownRefresh);
  checkKeys('retry', retry, knownRetry);
  checkType('scope', options.scope, 'string');
  if (options.scope === '') throw invalidOption('scope', '', 'a non-empty string');
  checkType('username', options.username, 'string', 'function');
  if (options.username === '') throw invalidOption('username', '', 'a non-empty string or a function');
  checkClock(options.clock);
  checkType('refresh.pastCache', refresh.pastCache, 'boolean');
  checkType('retry.isRetryable', retry.isRetryable, 'function');
  const initialDelayMs = numberIn(
    'retry.initialDelayMs',
    retry.initialDelayMs ?? defaults.retry.initialDelayMs,
    1,
    Infinity,
  );
  return {
    scope: options.scope,
    username: options.username,
    isRetryable: retry.isRetryable,
    clock: options.clock ?? systemClock,
    requestTimeoutMs: numberIn('requestTimeoutMs', options.requestTimeoutMs ?? defaults.requestTimeoutMs, 1, Infinity),
    reauthWindowMs: numberIn('reauthWindowMs', options.reauthWindowMs ?? defaults.reauthWindowMs, 0, Infinity),
    refresh: {
      expirationRefreshRatio: numberIn(
        'refresh.expirationRefreshRatio',
        refresh.expirationRefreshRatio ?? defaults.refresh.expirationRefreshRatio,
        0,
        1,
      ),
      lowerRefreshBoundMs:
        refresh.lowerRefreshBoundMs === undefined
          ? undefined
          : numberIn('refresh.lowerRefreshBoundMs', refresh.lowerRefreshBoundMs, 0, Infinity),
      jitterRatio: numberIn('refresh.jitterRatio', refresh.jitterRatio ?? defaults.refresh.jitterRatio, 0, 1),
      pastCache: refresh.pastCache ?? defaults.refresh.pastCache,
      minIntervalMs: numberIn(
        'refresh.minIntervalMs',
        refresh.minIntervalMs ?? defaults.refresh.minIntervalMs,
        10,
        Infinity,
      ),
    },
    retry: {
      initialDelayMs,
      maxDelayMs: numberIn(
        'retry.maxDelayMs',
        retry.maxDelayMs ?? Math.max(defaults.retry.maxDelayMs, initialDelayMs),
        initialDelayMs,
        Infinity,
      ),
      backoffMultiplier: numberIn(
        'retry.backoffMultiplier',
        retry.backoffMultiplier ?? defaults.retry.backoffMultiplier,
        1,
        Infinity,
      ),
    },
  };
}
