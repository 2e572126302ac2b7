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

/** Node fires a timer with a longer delay at once. Source: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestDelayMs = 2 ** 31 - 1;

/** Where the system's clock takes its time from. */
export interface TimeSource {
  readonly now: () => number;
  readonly monotonic: () => number;
  /** A stub of a test may return anything. */
  readonly setTimeout: (callback: () => void, delayMs: number) => { unref?(): unknown };
  readonly clearTimeout: (timer: never) => void;
}

/** Timers without an upper limit that never keep the process alive, and `Math.random`. */
export const clockOn = ({ now, monotonic, setTimeout, clearTimeout }: TimeSource): Clock => ({
  now: () => now(),
  monotonic: () => monotonic(),
  random: () => Math.random(),
  schedule(delayMs, callback) {
    const dueAt = monotonic() + delayMs;
    let timer: { unref?(): unknown } | undefined;
    const arm = (): void => {
      // The process may have been paused since: Node warns of a negative delay.
      const left = Math.max(0, dueAt - monotonic());
      timer = setTimeout(left > longestDelayMs ? arm : callback, Math.min(longestDelayMs, Math.ceil(left)));
      // Stryker disable next-line CallExpression : only a process of its own shows it, see test/manager/process.test.ts
      timer?.unref?.();
    };
    arm();
    return () => clearTimeout(timer as never);
  },
});

/**
 * The machine's own clocks and timers, taken once: an application's tests that fake them afterwards (sinon, Jest, vitest) stop no renewal.
 * The timers come from their module, because Jest may have faked the global ones before.
 */
const { setTimeout, clearTimeout, setImmediate } = process.getBuiltinModule('node:timers');
export const systemClock: Clock = clockOn({
  now: Date.now,
  monotonic: performance.now.bind(performance),
  setTimeout,
  clearTimeout,
});

/** Calls back in the next turn of the event loop. */
export const nextTurn = (callback: () => void): unknown => setImmediate(callback);

/**
 * The manager's own time: it runs with the monotonic clock, and never behind the wall clock's steps forward. A laptop's sleep
 * (during which Linux's monotonic clock stands still) counts as elapsed; a wall clock that is set back changes nothing.
 */
export class ManagerTime {
  readonly #clock: Clock;
  #offsetMs: number;
  #gapMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#gapMs = clock.now() - clock.monotonic();
    this.#offsetMs = this.#gapMs;
  }

  /** Now, ms; looks at both clocks. */
  now(): number {
    const monotonic = this.#clock.monotonic();
    const gap = this.#clock.now() - monotonic;
    const jump = gap - this.#gapMs;
    // Forward counts always. Back by less than a second is drift or rounding, and would be counted again as forward.
    if (jump > 0) this.#offsetMs += jump;
    if (jump > 0 || jump <= -1000) this.#gapMs = gap;
    return monotonic + this.#offsetMs;
  }

  /** The instant in this time of an instant of the wall clock. */
  fromWall(at: number): number {
    return this.now() + (at - this.#clock.now());
  }

  /** The wall clock's instant for an instant in this time, in whole ms. */
  toWall(at: number): number {
    return Math.round(this.#clock.now() + (at - this.now()));
  }
}
