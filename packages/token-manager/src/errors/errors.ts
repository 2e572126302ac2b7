import { describeValue, messageOf } from './redact.ts';

/** Every error of entra-redis has one of these codes. Compare `error.code`: two copies of a package have two classes. */
export type EntraRedisErrorCode =
  /** An option is unknown or has a value that cannot work. */
  | 'ERR_INVALID_OPTION'
  /** The identity provider answered with an error, or could not be reached. */
  | 'ERR_TOKEN_REQUEST_FAILED'
  /** No token in time: the identity provider did not answer within `requestTimeoutMs`, or within the `connectTimeout` of ioredis. */
  | 'ERR_TOKEN_REQUEST_TIMEOUT'
  /** The identity provider's answer is not a usable token. */
  | 'ERR_TOKEN_INVALID'
  /** The token names no object id, and no `username` is given. */
  | 'ERR_NO_OBJECT_ID'
  /** The manager was closed. */
  | 'ERR_MANAGER_CLOSED'
  /** The cache refused the token. */
  | 'ERR_AUTH_REFUSED'
  /** AUTH was lost: a timeout, a full queue, a server that is loading or does not answer. */
  | 'ERR_AUTH_FAILED'
  /** A token would be sent in plain text outside of loopback. */
  | 'ERR_PLAIN_TEXT'
  /** The URL carries a user or password that would replace the token. */
  | 'ERR_USERINFO_IN_URL'
  /** Nodes would log in with something other than the token: they do not see it, or other credentials are set too. */
  | 'ERR_NODE_CREDENTIALS';

/** Every error of entra-redis: a `code` to compare, a message that says what to check, and the original error as `cause`. It holds no token. */
export class EntraRedisError extends Error {
  override readonly name = 'EntraRedisError';
  readonly code: EntraRedisErrorCode;

  constructor(code: EntraRedisErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export const managerClosed = (): EntraRedisError =>
  new EntraRedisError('ERR_MANAGER_CLOSED', 'The token manager is closed: create a new one to log in again.');

/** Codes of Redis with which a server refuses a login. Source: https://redis.io/docs/latest/commands/auth/ */
const refusal = /^(WRONGPASS|NOAUTH|NOPERMS?)\b/;

/** Whether a server's answer to AUTH or HELLO refuses the credentials, as opposed to an AUTH that got lost. */
export function isRefusal(error: unknown): boolean {
  return refusal.test(messageOf(error) ?? '');
}

export const authUnanswered = (): EntraRedisError =>
  new EntraRedisError(
    'ERR_AUTH_FAILED',
    'AUTH got no answer within 30 s, although no blocking command is before it, so the connection is replaced. Check that the server, ' +
      'and every proxy on the way, answers other commands.',
  );

/** For adapters: ERR_INVALID_OPTION that names the option, what it must be, and what it is, except long texts, which may be tokens. */
export const invalidOption = (name: string, value: unknown, expected: string): EntraRedisError =>
  new EntraRedisError('ERR_INVALID_OPTION', `Option "${name}" must be ${expected}, but is ${describeValue(value)}.`);
