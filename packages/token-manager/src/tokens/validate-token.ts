import { EntraRedisError } from '../errors/errors.ts';
import { describeValue, withoutSecret } from '../errors/redact.ts';
import type { TokenManagerOptions } from '../manager/options.ts';
import { lastInstant, readClaims } from './claims.ts';
import type { Token } from './credentials.ts';

/** Whose a token is, and when it begins and ends by the clock of this machine, whatever is said of it. Pure: `now` is wall time. */

const decadeMs = 10 * 365 * 86_400_000;

/** The token with its real life, or an error that says what is wrong with it and shows nothing of it. `now` is wall time. */
export function validateToken(token: Token, now: number): Token {
  if (typeof token?.value !== 'string' || token.value === '') throw invalidToken('it has no value');
  const { value, refreshAfter } = token;
  const expiresAt = expiryOf(value, token.expiresAt, now, 'expiresAt');
  // In seconds, both would be in 1970, and a renewal always due.
  const obtainedAt =
    token.obtainedAt > now - decadeMs ? Math.min(token.obtainedAt, now) : issuedAtOf(value, expiresAt, now);
  const isLater = refreshAfter !== undefined && refreshAfter > obtainedAt;
  return { value, expiresAt, obtainedAt, ...(isLater ? { refreshAfter } : {}) };
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

const invalidToken = (what: string): EntraRedisError =>
  new EntraRedisError('ERR_TOKEN_INVALID', `The identity provider's answer is not a usable token: ${what}.`);

interface JwtLife {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** By the clock of the identity provider; NaN where the token does not say. */
function jwtLife(token: string): JwtLife {
  const { iat = Number.NaN, exp = Number.NaN } = readClaims(token);
  return { issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

/**
 * The earlier of what is stated and what the token itself says. Nothing is issued in the future: a token that seems to be tells how far
 * this clock is behind. One that has just come and is over by this clock comes from a clock that is behind ours, and may be good for its
 * whole life, but no longer, whatever is stated: the cache is the judge.
 *
 * @param name of the property that states it, for the error about an answer that does not tell
 */
export function expiryOf(token: string, stated: unknown, now: number, name: string): number {
  const { issuedAt, expiresAt } = jwtLife(token);
  const ownExpiry = expiresAt - Math.max(0, (issuedAt || 0) - now);
  const longest = now + expiresAt - issuedAt;
  const ends = [stated, ownExpiry, longest].filter(
    (each): each is number => Number.isFinite(each) && (each as number) > now,
  );
  if (ends.length > 0) return Math.min(lastInstant, ...ends);
  throw invalidToken(`${name} ${whatIsWrong(stated, now)}`);
}

/** The life of a token that comes from a cache began before it came. */
export function issuedAtOf(token: string, endsAt: number, now: number): number {
  const { issuedAt, expiresAt } = jwtLife(token);
  return expiresAt > issuedAt ? Math.min(now, endsAt - (expiresAt - issuedAt)) : now;
}

/** How much this clock is ahead of the identity provider's, as far as a token that has just come tells; negative: behind. */
export function clockAheadMs(token: string, now: number): number {
  const { issuedAt, expiresAt } = jwtLife(token);
  if (issuedAt > now) return now - issuedAt;
  return expiresAt < now ? now - expiresAt : 0;
}

const expected = 'it must be a number of ms since the epoch';

function whatIsWrong(stated: unknown, now: number): string {
  if (stated === undefined || stated === null) return `is missing; ${expected}`;
  if (stated instanceof Date) return `is a Date; ${expected}: pass its getTime()`;
  if (typeof stated !== 'number' || !Number.isFinite(stated)) return `is ${describeValue(stated)}; ${expected}`;
  if (stated > 0 && Math.abs(stated * 1000 - now) < decadeMs)
    return `is ${stated}, which looks like seconds; ${expected}`;
  return `is ${stated}, which has passed already; check the clock of this machine`;
}
