import type { ConnectionIdentity } from '../connections/contract.ts';
import type { EntraRedisError } from '../errors/errors.ts';
import type { Credentials } from '../tokens/credentials.ts';

/**
 * What a manager reports to its subscribers. `…At` is epoch ms of the wall clock, `…Ms` a duration. Only the event `token` holds a token,
 * and hides it from inspect and JSON.
 */
export type TokenEvent =
  /** A new token arrived, after `durationMs`; the next one is requested at `refreshAt`. */
  | {
      readonly type: 'token';
      readonly credentials: Credentials;
      readonly durationMs: number;
      readonly refreshAt: number;
    }
  /** The provider returns tokens of another identity, as a chain of credentials may: connections change to `username`. Comes before its `token`. */
  | { readonly type: 'identity-changed'; readonly formerUsername: string; readonly username: string }
  /** A request failed, the `attempt`-th in a row; the current token is still valid, and the next request follows at `retryAt`. */
  | { readonly type: 'retry'; readonly error: EntraRedisError; readonly attempt: number; readonly retryAt: number }
  /** A request failed, and there is no usable token, or the failure is `permanent`: no retry helps. */
  | {
      readonly type: 'failed';
      readonly error: EntraRedisError;
      readonly attempt: number;
      readonly retryAt: number;
      readonly permanent: boolean;
    }
  /** A server refused the token of `username` (ERR_AUTH_REFUSED); another one is requested. Once for each answer of the provider, however many connections it affects. */
  | { readonly type: 'refused'; readonly error: EntraRedisError; readonly username: string }
  /** An open connection took the newest token, within `durationMs`; the server keeps it open until `expiresAt`. */
  | {
      readonly type: 'reauthenticated';
      readonly connection: ConnectionIdentity;
      readonly expiresAt: number;
      readonly durationMs: number;
    }
  /** An open connection did not take it: ERR_AUTH_FAILED (lost, or without an answer) or ERR_AUTH_REFUSED. It is tried again at `retryAt`, or when a new token arrives. */
  | {
      readonly type: 'reauthentication-failed';
      readonly connection: ConnectionIdentity;
      readonly error: EntraRedisError;
      readonly attempt: number;
      readonly retryAt: number;
    };

/** Its return value is ignored; it may be async, but the manager does not wait for it. */
export type TokenListener = (event: TokenEvent) => unknown;
