/** Time as the manager sees it. Injected in tests; `systemClock` otherwise. */
export interface Clock {
  /** Wall clock, epoch ms. */
  now(): number;
  /** A clock that never jumps, ms from an arbitrary start. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; the timer never keeps the process alive. Returns its cancellation. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** In [0, 1). */
  random(): number;
}
