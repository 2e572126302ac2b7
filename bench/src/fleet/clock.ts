import { seededRandom } from '@entra-redis/conformance/driver-kit';
import type { Clock } from '@entra-redis/token-manager';
import TinyQueue from 'tinyqueue';

interface Timer {
  readonly dueAt: number;
  /** Counts the timers: those of one instant fire in the order in which they were set. */
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Timers fire at multiples of this: what is due together is done before promises settle. */
const grainMs = 10;

/** The virtual clock of a whole fleet: `TestClock` looks through all of its timers for the next one, which is slow for 20,000 managers. */
export class FleetClock implements Clock {
  readonly #queue = new TinyQueue<Timer>([], (a, b) => a.dueAt - b.dueAt || a.order - b.order);
  #now = 0;
  #order = 0;
  /** A run with the same seed is the same run. */
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer: Timer = {
      dueAt: Math.ceil((this.#now + Math.max(0, delayMs)) / grainMs) * grainMs,
      order: this.#order,
      callback,
    };
    this.#order += 1;
    this.#queue.push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  async delay(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.schedule(ms, resolve));
  }

  /** Fires what is due until then, in order; promises settle before the next instant. */
  async runUntil(end: number): Promise<void> {
    await settled();
    for (let next = this.#queue.peek(); next !== undefined && next.dueAt <= end; next = this.#queue.peek()) {
      this.#now = next.dueAt;
      this.#fireDue();
      await settled();
    }
    this.#now = end;
  }

  #fireDue(): void {
    for (let next = this.#queue.peek(); next !== undefined && next.dueAt <= this.#now; next = this.#queue.peek()) {
      this.#queue.pop();
      next.callback?.();
    }
  }
}

/** Every promise that can settle has settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
