import { safetyMarginMs } from '../manager/schedule.ts';
import { type RegisteredConnection, sending, type TargetToken } from './registered-connection.ts';

/** When something is done about a connection that is logged in. Pure. */

/** When every AUTH of this connection should be done. */
function deadlineOf({ login }: RegisteredConnection): number {
  const { expiresAt, lifeMs } = login as TargetToken;
  return expiresAt - safetyMarginMs(lifeMs);
}

/** Half of what is left before the margin: the other half is for retries. */
export function authWindowMs(connection: RegisteredConnection, now: number, longestMs: number): number {
  return Math.max(0, Math.min(longestMs, (deadlineOf(connection) - now) / 2));
}

/** Backoff, but several tries fit before the deadline, and one falls on it. */
export function retryLostMs(
  connection: RegisteredConnection,
  now: number,
  backoffMs: number,
  initialDelayMs: number,
): number {
  const leftMs = deadlineOf(connection) - now;
  if (leftMs <= 0) return backoffMs;
  return Math.min(backoffMs, leftMs, Math.max(initialDelayMs, leftMs / 4));
}

/** Its AUTHs were lost until the deadline. */
export const isLostTooLong = (connection: RegisteredConnection, now: number): boolean =>
  connection.attempt > 0 && deadlineOf(connection) <= now;

/** Connections that learn of it at once: each reconnects, and a thousand TLS handshakes block the process for a third of a second. */
const toldAtOnce = 20;
const tellPauseMs = 50;

/** How much later than the first the connection learns of its deadline, after `toldCount` others of `count`: half of the margin at most. */
export function tellDelayMs({ login }: RegisteredConnection, toldCount: number, count: number): number {
  const turns = Math.ceil(count / toldAtOnce);
  const pauseMs = Math.min(tellPauseMs, safetyMarginMs((login as TargetToken).lifeMs) / 2 / turns);
  return Math.floor(toldCount / toldAtOnce) * pauseMs;
}

/** What an AUTH is given for its answer where the token has expired by our clock, which may have jumped: the server has not cut. */
const answerMs = 1000;

/**
 * The connection cannot be helped by sending: wake when the server is about to cut it. An AUTH that went out late is given half
 * of the time that is left: it may well be answered.
 */
export function watchAt(connection: RegisteredConnection, now: number): number {
  const { expiresAt, lifeMs } = connection.login as TargetToken;
  const leftMs = expiresAt - now;
  const answerWithinMs = leftMs > 0 ? leftMs / 2 : Math.min(answerMs, safetyMarginMs(lifeMs));
  const patienceMs = connection.phase === sending ? answerWithinMs : 0;
  const at = Math.max(deadlineOf(connection), now + Math.max(1, patienceMs));
  return isUnanswered(connection, now + unansweredMs) ? now + unansweredMs : at;
}

/** A server answers an AUTH in milliseconds, or behind a command that blocks; a proxy that moves to another node, in seconds. */
const unansweredMs = 30_000;

/** Its AUTH has no answer, and the deadline is still to come. */
export const isUnanswered = (connection: RegisteredConnection, now: number): boolean =>
  connection.phase === sending && now < deadlineOf(connection);

/** When to look again at an AUTH that waits behind a blocking command. */
export const lookAgainAt = (connection: RegisteredConnection, now: number): number =>
  Math.min(now + unansweredMs, deadlineOf(connection));
