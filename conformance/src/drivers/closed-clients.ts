import { collectGarbage } from './collect-garbage.ts';

/** Clients that were closed: none of them may stay in memory. */
export class ClosedClients {
  readonly #closed: WeakRef<object>[] = [];

  add(client: object): void {
    this.#closed.push(new WeakRef(client));
  }

  /** How many are still there after a garbage collection. */
  async remaining(): Promise<number> {
    // What a turn of the event loop has looked at stays until its end.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    return this.#closed.filter((client) => client.deref() !== undefined).length;
  }
}
