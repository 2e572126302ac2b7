import { safetyMarginMs } from './schedule.ts';
import { sending, type Slot, type Target } from './slot.ts';

/** When something is done about a connection that is logged in. Pure. */

/** When every AUTH of this connection should be done. */
export function deadlineOf({ login }: Slot): number {
  const { expiresAt, lifeMs } = login as Target;
  return expiresAt - safetyMarginMs(lifeMs);
}

/** Half of what is left before the margin: the other half is for retries. */
export function windowMs(slot: Slot, now: number, longestMs: number): number {
  return Math.max(0, Math.min(longestMs, (deadlineOf(slot) - now) / 2));
}

/** Backoff, but several tries fit before the deadline, and one falls on it. */
export function retryMs(slot: Slot, now: number, backoffMs: number, initialDelayMs: number): number {
  const leftMs = deadlineOf(slot) - now;
  if (leftMs <= 0) return backoffMs;
  return Math.min(backoffMs, leftMs, Math.max(initialDelayMs, leftMs / 4));
}

/**
 * The connection cannot be helped by sending: wake when the server is about to cut it. An AUTH that went out late is given half
 * of the time that is left: it may well be answered.
 */
export function watchAt(slot: Slot, now: number): number {
  const leftMs = (slot.login as Target).expiresAt - now;
  const patienceMs = slot.phase === sending ? leftMs / 2 : 0;
  return Math.max(deadlineOf(slot), now + Math.max(1, patienceMs));
}
