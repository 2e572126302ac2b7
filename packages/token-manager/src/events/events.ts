import type { ConnectionIdentity } from '../connections/contract.ts';
import type { EntraRedisError } from '../errors/errors.ts';
import type { Credentials } from '../tokens/credentials.ts';

/**
 * What a manager tells its subscribers. `…At` is epoch ms of the wall clock, `…Ms` a duration. No event but `token` holds a token,
 * and `token` hides it from inspect and JSON.
 */
export type TokenEvent =
  /** A new token came, after `durationMs`; the next one will be asked for at `refreshAt`. */
  | {
      readonly type: 'token';
      readonly credentials: Credentials;
      readonly durationMs: number;
      readonly refreshAt: number;
    }
  /** The provider gives tokens of another identity, as a chain of credentials may: connections become `username`. Comes before its `token`. */
  | { readonly type: 'identity-changed'; readonly formerUsername: string; readonly username: string }
  /** A request failed, the `attempt`-th in a row; the current token is still valid, and the next request follows at `retryAt`. */
  | { readonly type: 'retry'; readonly error: EntraRedisError; readonly attempt: number; readonly retryAt: number }
  /** A request failed, and there is no usable token, or the failure is `permanent`: no repetition heals it. */
  | {
      readonly type: 'failed';
      readonly error: EntraRedisError;
      readonly attempt: number;
      readonly retryAt: number;
      readonly permanent: boolean;
    }
  /** A server refused the token of `username` (ERR_AUTH_REFUSED); another one is asked for. Once for each answer of the provider, however many connections it meets. */
  | { readonly type: 'refused'; readonly error: EntraRedisError; readonly username: string }
  /** A live connection took the newest token, within `durationMs`; the server will let it live until `expiresAt`. */
  | {
      readonly type: 'reauthenticated';
      readonly connection: ConnectionIdentity;
      readonly expiresAt: number;
      readonly durationMs: number;
    }
  /** It did not: ERR_AUTH_FAILED (lost on the way, or without an answer) or ERR_AUTH_REFUSED; it is tried again at `retryAt`, or when a new token comes. */
  | {
      readonly type: 'reauthentication-failed';
      readonly connection: ConnectionIdentity;
      readonly error: EntraRedisError;
      readonly attempt: number;
      readonly retryAt: number;
    };

/** What it returns is ignored; it may be async, nobody waits for it. */
export type TokenListener = (event: TokenEvent) => unknown;
