import type { Clock } from './clock.ts';
import type { Connection, Registration } from './connection.ts';
import type { TokenEvent } from './events.ts';
import type { Credentials, Token } from './token.ts';

export interface TokenManager extends Disposable {
  /**
   * Credentials that have not expired; waits for the identity provider where there are none. Concurrent callers share
   * one request.
   */
  credentials(options?: { signal?: AbortSignal }): Promise<Credentials>;
  /** The credentials in hand, or undefined where there are none or they have expired. Never starts a request. */
  readonly current: Credentials | undefined;
  /** Calls `listener` for every event until the returned function is called. A listener that throws harms nobody else. */
  subscribe(listener: (event: TokenEvent) => void): () => void;
  /** Keeps a live connection authenticated: one AUTH for each refresh, spread over the re-AUTH window. For adapters. */
  register(connection: Connection): Registration;
  /** The server refused these credentials: they are discarded and new ones requested. Older ones are ignored. */
  reject(credentials: Credentials, error: unknown): void;
  /** Ends every timer and request. Pending and later `credentials()` reject. Idempotent. */
  close(): void;
}

export interface TokenManagerOptions {
  scope?: string;
  username?: string | ((token: Token) => string);
  refresh?: RefreshOptions;
  retry?: RetryOptions;
  requestTimeoutMs?: number;
  reauthWindowMs?: number;
  clock?: Clock;
}

export interface RefreshOptions {
  expirationRefreshRatio?: number;
  lowerRefreshBoundMs?: number;
  jitterRatio?: number;
  minIntervalMs?: number;
}

export interface RetryOptions {
  initialDelayMs?: number;
  maxDelayMs?: number;
  backoffMultiplier?: number;
  isRetryable?: (error: unknown) => boolean;
}
