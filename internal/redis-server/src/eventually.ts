import { setTimeout as sleep } from 'node:timers/promises';

const intervalMs = 25;
/** A round of asking counts this much at most: where the machine stood still, the servers did, too. */
const longestRoundMs = 1000;

/** What servers write while they start. Whoever waits for them goes on as long as they write what they have not written before. */
export class Progress {
  readonly #seen = new Set<string>();
  readonly #onNews: (() => void) | undefined;
  #last = '';
  /** How long servers may write nothing new. */
  readonly patienceMs: number;

  constructor({ patienceMs = 20_000, onNews }: { patienceMs?: number; onNews?: (() => void) | undefined } = {}) {
    this.patienceMs = patienceMs;
    this.#onNews = onNews;
  }

  /** A line of `server`, without its time: what is only said again is no news. */
  add(server: string, line: string): void {
    this.#last = `${server}: ${line}`;
    if (this.#seen.has(this.#last)) return;
    this.#seen.add(this.#last);
    this.#onNews?.();
  }

  /** How many different lines there were. */
  get news(): number {
    return this.#seen.size;
  }

  get lastLine(): string {
    return this.#last;
  }
}

/** Asks again and again until `probe` answers something other than undefined. Rejects with `what` once there is no progress. */
export async function eventually<Result>(
  what: string,
  progress: Progress,
  probe: () => Promise<Result | undefined>,
): Promise<Result> {
  let [news, askedAt, quietMs] = [progress.news, performance.now(), 0];
  for (;;) {
    const result = await probe();
    if (result !== undefined) return result;
    const now = performance.now();
    quietMs = progress.news === news ? quietMs + Math.min(now - askedAt, longestRoundMs) : 0;
    [news, askedAt] = [progress.news, now];
    if (quietMs > progress.patienceMs) {
      throw new Error(`${what}: not yet, and nothing new for ${progress.patienceMs} ms since "${progress.lastLine}"`);
    }
    await sleep(intervalMs);
  }
}
