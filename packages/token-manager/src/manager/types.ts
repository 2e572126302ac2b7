import type { Connection, Registration } from '../connections/contract.ts';
import type { TokenListener } from '../events/events.ts';
import type { Credentials } from '../tokens/credentials.ts';

/** Gets tokens, renews them in time, survives outages, and tells every registered connection. Made by `createTokenManager`. */
export interface TokenManager extends Disposable {
  /**
   * Credentials that have not expired; waits for the identity provider where there are none. Concurrent callers share
   * one request. `signal` rejects this call alone, with its reason.
   *
   * @throws EntraRedisError ERR_TOKEN_REQUEST_FAILED, ERR_TOKEN_REQUEST_TIMEOUT, ERR_TOKEN_INVALID, ERR_NO_OBJECT_ID where the
   *   request failed (the next call waits for the next one); ERR_MANAGER_CLOSED
   */
  credentials(options?: { signal?: AbortSignal }): Promise<Credentials>;
  /** The credentials in hand, or undefined where there are none or they have expired. Never starts a request. */
  readonly current: Credentials | undefined;
  /** How many registered connections are up, and kept authenticated. */
  readonly connections: number;
  /** Calls `listener` for every event until the returned function is called. A listener that throws or rejects is a process warning, and harms nobody else. While nobody listens, here or on a diagnostics channel, an outage or a refusal is one process warning. */
  subscribe(listener: TokenListener): () => void;
  /**
   * Keeps a live connection authenticated: one AUTH for each refresh, spread over the re-AUTH window. For adapters.
   *
   * @throws EntraRedisError ERR_MANAGER_CLOSED
   */
  register(connection: Connection): Registration;
  /**
   * The server refused these credentials: the first time they are discarded and others requested at once; what is refused after
   * that stays in use, where other servers may accept it, and further requests are paced. Others than the newest are ignored.
   */
  reject(credentials: Credentials, error: unknown): void;
  /** Ends every timer and request. Pending and later `credentials()` reject. Idempotent. */
  close(): void;
}
