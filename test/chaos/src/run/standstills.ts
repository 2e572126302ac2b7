import { standstills } from '@entra-redis/conformance/driver-kit';

/** Standstills of this process, and of the application. */
export class Standstills {
  readonly #told: { readonly at: number; readonly ms: number }[] = [];

  constructor() {
    standstills();
  }

  /** The application has stood still. */
  told(at: number, ms: number): void {
    this.#told.push({ at, ms });
  }

  /** Whether one of the two has stood still for longer than `patienceMs` since then, epoch ms. */
  any(from: number, patienceMs: number): boolean {
    const here = standstills().longestSince(performance.now() - (Date.now() - from));
    return here > patienceMs || this.#told.some(({ at, ms }) => at >= from && ms > patienceMs);
  }
}
