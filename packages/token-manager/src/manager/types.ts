import type { Connection, Registration } from '../connections/contract.ts';
import type { TokenListener } from '../events/events.ts';
import type { Credentials } from '../tokens/credentials.ts';

/** Gets tokens, renews them in time, bridges outages, and re-authenticates every registered connection. `createTokenManager` makes one. */
export interface TokenManager extends Disposable {
  /**
   * Credentials that have not expired; waits for the identity provider if there are none. Concurrent callers share
   * one request. `signal` rejects only this call, with its reason.
   *
   * @throws EntraRedisError ERR_TOKEN_REQUEST_FAILED, ERR_TOKEN_REQUEST_TIMEOUT, ERR_TOKEN_INVALID, ERR_NO_OBJECT_ID if the
   *   request failed (the next call waits for the next request, or fails at once while that is far away); ERR_MANAGER_CLOSED
   */
  credentials(options?: { signal?: AbortSignal }): Promise<Credentials>;
  /** The current credentials, or undefined if there are none or they have expired. Never starts a request. */
  readonly current: Credentials | undefined;
  /** How many registered connections are logged in. */
  readonly connections: number;
  /** Calls `listener` for every event until the returned function is called. A listener that throws or rejects causes a process warning, and affects nothing else. If nothing listens, here or on a diagnostics channel, an outage or a refusal is one process warning. */
  subscribe(listener: TokenListener): () => void;
  /**
   * Re-authenticates an open connection: one AUTH for each new token, spread over the re-AUTH window. For adapters.
   *
   * @throws EntraRedisError ERR_MANAGER_CLOSED
   */
  register(connection: Connection): Registration;
  /**
   * The server refused these credentials. The first time, they are discarded and others are requested at once. Credentials that are refused after
   * that stay in use, because other servers may accept them, and further requests are limited in rate. Credentials other than the newest are ignored.
   */
  reject(credentials: Credentials, error: unknown): void;
  /** Stops every timer, request and re-AUTH. Pending and later calls of `credentials()` reject. You can call it several times. */
  close(): void;
}
