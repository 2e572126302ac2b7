import { stackOf, withoutSecret, withoutTokens } from '../errors/redact.ts';
import { publish } from './channels.ts';
import type { TokenEvent, TokenListener } from './events.ts';
import type { UnheardWarnings } from './warnings.ts';

/** Calls listeners so that none disturbs another, whatever it does inside its callback. */
export class Dispatcher {
  readonly #listeners = new Set<{ readonly call: TokenListener }>();
  readonly #knownToken: () => string | undefined;
  readonly #unheard: UnheardWarnings;
  #closed = false;

  constructor(knownToken: () => string | undefined, unheard: UnheardWarnings) {
    this.#knownToken = knownToken;
    this.#unheard = unheard;
  }

  subscribe(call: TokenListener): () => void {
    const entry = { call };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  emit(event: TokenEvent): void {
    if (this.#closed) return;
    const published = publish(event);
    this.#unheard.see(event, published || this.#listeners.size > 0);
    for (const entry of [...this.#listeners]) {
      if (!this.#listeners.has(entry)) continue;
      try {
        const result = entry.call(event);
        if (result instanceof Promise) result.catch((error: unknown) => this.#warn(event, error));
      } catch (error) {
        // The application's own mistake. It is reported, but affects neither the other listeners nor the process.
        this.#warn(event, error);
      }
    }
  }

  /** Nothing is reported any more. */
  close(): void {
    this.#closed = true;
    this.#listeners.clear();
  }

  #warn(event: TokenEvent, error: unknown): void {
    const token = this.#knownToken() ?? '';
    const { name, message } = withoutSecret(error, token);
    process.emitWarning(`A listener of '${event.type}' events threw: ${name}: ${message}`, {
      type: 'EntraRedisWarning',
      detail: withoutTokens(stackOf(error), token),
    });
  }
}
