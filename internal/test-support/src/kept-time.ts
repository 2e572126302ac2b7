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

/** How far time may go on without an answer of a server that is a process of its own, ms; and how often it is asked. */
const patienceMs = 50;
const pauseMs = 10;

/** Asks a server all the time. */
class AskedServer {
  readonly #ask: () => Promise<unknown>;
  #askedAt = -Infinity;
  #isOwing = false;

  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Whether it stands still at `now`, of real time. */
  isLate(now: number): boolean {
    if (this.#isOwing) return now - this.#askedAt > patienceMs;
    if (now - this.#askedAt < pauseMs) return false;
    this.#askedAt = now;
    this.#isOwing = true;
    // One that is gone holds nobody up.
    const answered = (): void => void (this.#isOwing = false);
    this.#ask().then(answered, answered);
    return false;
  }
}

const askedServers = new Set<AskedServer>();

/** Makes kept time stand still while a server outside this process does, as the system may let it: `ask` asks it for any answer. */
export function keepTimeOf(ask: () => Promise<unknown>): () => void {
  const server = new AskedServer(ask);
  askedServers.add(server);
  return () => void askedServers.delete(server);
}

/** What time counts of a turn of the event loop, however long it took. */
const longestTurnMs = 5;

/**
 * Time for clients, manager and cache where they all live in this process: it stands still while the process does, or a server of
 * `keepTimeOf`. On a busy machine that may be longer than a token lives, or than a client waits for an answer that is there already. The answer ends it.
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
    const late = [...askedServers].filter((server) => server.isLate(last));
    if (late.length === 0) vi.advanceTimersByTime(Math.min(last - before, longestTurnMs));
  }, 1);
  return () => {
    stop(ticking);
    vi.useRealTimers();
  };
}
