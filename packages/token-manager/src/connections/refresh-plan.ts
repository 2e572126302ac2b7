import { offline, type Slot } from './registered-connection.ts';

/** Connections that get their instant in one turn: each takes 1 to 2 µs, once an hour, and ten thousand would delay commands. */
const portion = 1000;

/** The live connections when a token came, each of which is to get its share of the window, in portions. */
export class RefreshPlan {
  readonly #live: readonly Slot[];
  #planned = 0;

  constructor(slots: Iterable<Slot>) {
    this.#live = [...slots].filter(({ phase }) => phase !== offline);
  }

  get isDone(): boolean {
    return this.#planned === this.#live.length;
  }

  /** Calls `plan` for the next ones; a share is in [0, 1), and `random` spreads it over the place of its connection. */
  next(random: () => number, plan: (slot: Slot, share: number) => void): void {
    const end = Math.min(this.#planned + portion, this.#live.length);
    for (; this.#planned < end; this.#planned += 1) {
      plan(this.#live[this.#planned] as Slot, (this.#planned + random()) / this.#live.length);
    }
  }
}
