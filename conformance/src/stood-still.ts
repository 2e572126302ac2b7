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

export function watchStandstills(): StandstillWatch {
  const watch = new StandstillWatch(performance.now());
  setInterval(() => watch.tick(performance.now()), tickMs).unref();
  return watch;
}

/**
 * A process that stands still for a tenth of a token's life misses the margin in which tokens are renewed: what a case found then
 * says nothing of the driver.
 */
export const wasHeldUp = (stoodStillMs: number, lifetimeMs: number): boolean => stoodStillMs > lifetimeMs / 10;
