import { standstills } from '@entra-redis/conformance/driver-kit';

/** Whether this process, or the application, has stood still for a tenth of a token's life, as the suite has it. */
export class Standstills {
  readonly #longestMs: number;
  readonly #told: { readonly at: number; readonly ms: number }[] = [];

  constructor(lifetimeMs: number) {
    this.#longestMs = lifetimeMs / 10;
    standstills();
  }

  /** The application has. */
  told(at: number, ms: number): void {
    if (ms > this.#longestMs) this.#told.push({ at, ms });
  }

  /** Since then, epoch ms. */
  any(from: number): boolean {
    const here = standstills().longestSince(performance.now() - (Date.now() - from));
    return here > this.#longestMs || this.#told.some(({ at }) => at >= from);
  }
}
