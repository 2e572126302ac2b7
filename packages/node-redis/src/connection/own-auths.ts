/**
 * The AUTHs that were queued in clients of one provider and have not settled. One that was not written before its socket
 * died is written, stale, after the reconnect: this tells it from an AUTH of the user's own.
 */
export class OwnAuths {
  readonly #count = new Map<string, number>();

  get size(): number {
    return this.#count.size;
  }

  has(command: string): boolean {
    return this.#count.has(command);
  }

  add(command: string): void {
    this.#count.set(command, (this.#count.get(command) ?? 0) + 1);
  }

  delete(command: string): void {
    const left = (this.#count.get(command) ?? 0) - 1;
    if (left > 0) this.#count.set(command, left);
    else this.#count.delete(command);
  }
}
