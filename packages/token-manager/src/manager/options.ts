import { EntraRedisError, invalidOption } from '../errors/errors.ts';
import { type Clock, systemClock } from '../time.ts';
import type { Token } from '../tokens/credentials.ts';
import { defaults } from './defaults.ts';
import type { RetryPolicy } from './retry.ts';
import type { RenewalPolicy } from './schedule.ts';

export interface TokenManagerOptions {
  /**
   * What the token is for. Default `https://redis.azure.com/.default`; the application id form
   * `acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default` works too. Of no effect on an `IdentityProvider`.
   */
  scope?: string;
  /** What AUTH sends as the user name. Default: the `oid` claim of the token. Needed for tokens that are not JWTs. */
  username?: string | ((token: Token) => string);
  refresh?: RefreshOptions;
  retry?: RetryOptions;
  /** A request to the identity provider is given up after this time. Default 30,000 ms. */
  requestTimeoutMs?: number;
  /** The re-AUTHs of a refresh are spread over at most this time. Default 60,000 ms; less for short-lived tokens. */
  reauthWindowMs?: number;
  /** Time, for tests. Default: the system's. */
  clock?: Clock;
}

/** When to renew: the first of ratio, lower bound and the provider's `refreshAfter`. */
export interface RefreshOptions {
  /** The part of a token's life after which the next one is requested, 0 to 1. Default 0.7. */
  expirationRefreshRatio?: number;
  /** The next token is requested at the latest this long before expiry. Default: 3 min, or a tenth of the life where that is shorter. */
  lowerRefreshBoundMs?: number;
  /**
   * The request is made earlier by a random part of up to this much of the life, 0 to 1, so that processes do not move in step. The first
   * one after a start or after failed requests comes at any instant from a tenth of the life on, past the provider's own cache, so that
   * processes that started together move apart at once; not with tokens that live less than ten minutes. 0: no jitter at all. Default 0.05.
   */
  jitterRatio?: number;
  /**
   * When a renewal brings the token that is in hand already, because the provider's own cache keeps it (MSAL: until five minutes before
   * expiry), it is requested again, past that cache: an outage that begins later is bridged for the rest of the life. Where a
   * provider cannot (managed identity, Azure CLI), the manager learns it and waits for the cache. Default true.
   */
  pastCache?: boolean;
  /** Requests start at least this far apart, whatever happens. At least 10; default 1,000 ms. */
  minIntervalMs?: number;
}

/** What follows a failed request. It never gives up. */
export interface RetryOptions {
  /** Default 500 ms; at least 1. A Retry-After of the provider is a floor, up to ten minutes or `maxDelayMs`, and no later than the current token allows. */
  initialDelayMs?: number;
  /** The longest delay, and the delay after a permanent failure. At least `initialDelayMs`; default 30,000 ms, or that where it is longer. */
  maxDelayMs?: number;
  /** At least 1; default 2. */
  backoffMultiplier?: number;
  /** Says false for errors that repetition does not heal: they wait for `maxDelayMs`. Default: by OAuth and AADSTS codes. */
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

function checkKeys(prefix: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) throw invalidOption(prefix || 'options', given, 'an object');
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new EntraRedisError(
        'ERR_INVALID_OPTION',
        `Unknown option "${prefix ? `${prefix}.` : ''}${key}". Known are: ${known.join(', ')}.`,
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
