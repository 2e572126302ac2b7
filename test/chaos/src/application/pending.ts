/** Everything that was asked of the clients and has not settled. */
export class Pending {
  readonly #pending = new Map<number, { readonly what: string; readonly at: number }>();
  #asked = 0;

  get asked(): number {
    return this.#asked;
  }

  get size(): number {
    return this.#pending.size;
  }

  track<T>(what: string, work: Promise<T>): Promise<T> {
    this.#asked += 1;
    const id = this.#asked;
    this.#pending.set(id, { what, at: performance.now() });
    const settled = (): void => void this.#pending.delete(id);
    work.then(settled, settled);
    return work;
  }

  /** What was asked as the `upTo`th or before, and has not settled. */
  unsettled(upTo: number = this.#asked): string[] {
    return this.#describe((id) => id <= upTo);
  }

  /** What has waited for longer than `ms`; each once. */
  olderThan(ms: number): string[] {
    const old = this.#describe((_id, at) => performance.now() - at > ms);
    for (const [id, { at }] of this.#pending) if (performance.now() - at > ms) this.#pending.delete(id);
    return old;
  }

  #describe(matches: (id: number, at: number) => boolean): string[] {
    return [...this.#pending]
      .filter(([id, { at }]) => matches(id, at))
      .map(([, { what, at }]) => `${what}, for ${Math.round(performance.now() - at)} ms`);
  }
}
