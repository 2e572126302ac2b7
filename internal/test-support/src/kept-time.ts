import { vi } from 'vitest';

/** A clock of the token manager, whose types are not needed here. */
interface TestTime {
  now(): number;
  monotonic(): number;
  random(): number;
  schedule(delayMs: number, callback: () => void): () => void;
}

/** The timers and clocks that the test has faked; the system's clock keeps the real ones. */
export function clockOfTests(aheadMs: () => number = () => 0): TestTime {
  return {
    now: () => Date.now() + aheadMs(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    schedule(delayMs, callback) {
      const timer = setTimeout(callback, Math.max(0, Math.ceil(delayMs))).unref();
      return () => clearTimeout(timer);
    },
  };
}

/** What time counts of a turn of the event loop, however long it took. */
const longestTurnMs = 5;

/**
 * Time for clients, manager and cache where they all live in this process: it stands still while the process does. On a busy machine
 * that may be longer than a token lives, or than a client waits for an answer that is there already. The answer ends it.
 */
export function keepTime(): () => void {
  const [every, stop, now] = [setInterval, clearInterval, performance.now.bind(performance)];
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  let last = now();
  const ticking = every(() => {
    const before = last;
    last = now();
    vi.advanceTimersByTime(Math.min(last - before, longestTurnMs));
  }, 1);
  return () => {
    stop(ticking);
    vi.useRealTimers();
  };
}
