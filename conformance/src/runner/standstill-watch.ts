const tickMs = 10;
/** Standstills this close together count as one: what runs in between is not enough to catch up. */
const togetherMs = 1000;

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

  /** The longest that it stood still within a second, of what ended since then, ms; 0 where it did not. */
  longestSince(at: number): number {
    const since = this.#standstills.filter(({ endedAt }) => endedAt >= at);
    let longest = 0;
    let together = 0;
    let first = 0;
    for (const { endedAt, ms } of since) {
      together += ms;
      for (; (since[first]?.endedAt ?? endedAt) <= endedAt - togetherMs; first += 1) together -= since[first]?.ms ?? 0;
      longest = Math.max(longest, together);
    }
    return Math.round(longest);
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
