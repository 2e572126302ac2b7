import type { ConnectionIdentity } from './connection.ts';
import type { EntraRedisError } from './errors.ts';
import type { Credentials } from './token.ts';

/** What a manager tells its subscribers. No event but `token` holds a token, and `token` hides it from inspect and JSON. */
export type TokenEvent =
  | {
      readonly type: 'token';
      readonly credentials: Credentials;
      readonly durationMs: number;
      readonly refreshAt: number;
    }
  | { readonly type: 'retry'; readonly error: EntraRedisError; readonly attempt: number; readonly retryAt: number }
  | {
      readonly type: 'failed';
      readonly error: EntraRedisError;
      readonly attempt: number;
      readonly retryAt: number;
      readonly permanent: boolean;
    }
  | { readonly type: 'refused'; readonly error: EntraRedisError; readonly username: string }
  | {
      readonly type: 'reauthenticated';
      readonly connection: ConnectionIdentity;
      readonly expiresAt: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'reauthentication-failed';
      readonly connection: ConnectionIdentity;
      readonly error: EntraRedisError;
      readonly attempt: number;
      readonly retryAt: number;
    };

/** What it returns is ignored; it may be async, nobody waits for it. */
export type TokenListener = (event: TokenEvent) => unknown;
