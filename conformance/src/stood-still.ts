const tickMs = 10;

/** How long this process stood still, and when: a timer that should fire every 10 ms tells. */
export class StandstillWatch {
  readonly #standstills: { readonly endedAt: number; readonly ms: number }[] = [];
  #lastAt: number;

  constructor(now: number) {
    this.#lastAt = now;
  }

  /** Called by the timer. */
  tick(now: number): void {
    const ms = now - this.#lastAt - tickMs;
    this.#lastAt = now;
    if (ms > 50) this.#standstills.push({ endedAt: now, ms });
  }

  /** The longest standstill that ended since then, ms; 0 without one. */
  longestSince(at: number): number {
    const since = this.#standstills.filter(({ endedAt }) => endedAt >= at);
    return Math.round(Math.max(0, ...since.map(({ ms }) => ms)));
  }
}

let watch: StandstillWatch | undefined;

/** Those of this process, from the first call on. */
export function standstills(): StandstillWatch {
  if (watch !== undefined) return watch;
  const started = new StandstillWatch(performance.now());
  setInterval(() => started.tick(performance.now()), tickMs).unref();
  watch = started;
  return started;
}
