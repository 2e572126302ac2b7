import { publish } from './diagnostics.ts';
import type { TokenEvent } from './events.ts';

type Listener = (event: TokenEvent) => void;

/** Calls listeners so that none disturbs another, whatever it does inside its callback. */
export class Dispatcher {
  readonly #listeners = new Set<{ readonly call: Listener }>();

  subscribe(call: Listener): () => void {
    const entry = { call };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  emit(event: TokenEvent): void {
    publish(event);
    for (const entry of [...this.#listeners]) {
      if (!this.#listeners.has(entry)) continue;
      try {
        entry.call(event);
      } catch (error) {
        // The application's own mistake: it belongs to its uncaughtException handlers, not to us or to the other listeners.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
