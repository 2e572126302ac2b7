/** Time for the policy: the system's, or a test's. */
export interface PolicyClock {
  /** Epoch ms. */
  now(): number;
  /** Runs `task` once after `delayMs` (at most 2^31 - 1); the answer cancels it. Must not keep the process alive. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: PolicyClock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A timer of Node fires at once when asked to wait longer. */
const longestDelayMs = 2 ** 31 - 1;

/** Runs `task` once when the clock reaches `at` (epoch ms; Infinity: never). The answer cancels it. */
export function runAt(clock: PolicyClock, at: number, task: () => void): () => void {
  if (at === Number.POSITIVE_INFINITY) return () => undefined;
  let cancel: () => void;
  const wait = (): void => {
    const leftMs = at - clock.now();
    // Timers may fire a millisecond early: ask the clock, not the timer.
    if (leftMs <= 0) task();
    else cancel = clock.after(Math.min(leftMs, longestDelayMs), wait);
  };
  cancel = clock.after(Math.max(0, Math.min(at - clock.now(), longestDelayMs)), wait);
  return () => cancel();
}
