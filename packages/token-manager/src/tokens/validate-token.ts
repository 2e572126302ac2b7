import { EntraRedisError } from '../errors/errors.ts';
import { withoutSecret } from '../errors/redact.ts';
import type { TokenManagerOptions } from '../manager/options.ts';
import { readClaims } from './claims.ts';
import type { Token } from './credentials.ts';
import { expiryOf, invalidToken, issuedAtOf } from './token-life.ts';

/** The token with its real life, or an error that says what is wrong with it and shows nothing of it. `now` is wall time. */
export function validateToken(token: Token, now: number): Token {
  if (typeof token?.value !== 'string' || token.value === '') throw invalidToken('it has no value');
  const { value, refreshAfter } = token;
  const expiresAt = expiryOf(value, token.expiresAt, now, 'expiresAt');
  const obtainedAt = Number.isFinite(token.obtainedAt)
    ? Math.min(token.obtainedAt, now)
    : issuedAtOf(value, expiresAt, now);
  return {
    value,
    expiresAt,
    obtainedAt,
    ...(Number.isFinite(refreshAfter) ? { refreshAfter: refreshAfter as number } : {}),
  };
}

/** What AUTH sends as the user name. Never guesses: with a wrong one the cache would log in somebody else, or `default`. */
export function usernameOf(token: Token, option: TokenManagerOptions['username']): string {
  const username = typeof option === 'function' ? callUsername(option, token) : (option ?? readClaims(token.value).oid);
  if (typeof username === 'string' && username !== '') return username;
  throw new EntraRedisError(
    'ERR_NO_OBJECT_ID',
    typeof option === 'function'
      ? 'The username function returned no user name.'
      : 'The token names no object id (oid claim). Set the "username" option to the object id of the identity.',
  );
}

/** The function has the token, and may quote it. */
function callUsername(username: (token: Token) => string, token: Token): string {
  try {
    return username(token);
  } catch (error) {
    const cause = withoutSecret(error, token.value);
    // oxlint-disable-next-line eslint/preserve-caught-error -- it may quote the token
    throw new Error(`The username function threw: ${cause.message}`, { cause });
  }
}
