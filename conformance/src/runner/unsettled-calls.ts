const longest = 100;

/** The calls of one case that have not settled: what it waits for, where it does not end. */
export class UnsettledCalls {
  readonly #calls = new Set<{ readonly text: string }>();

  /** A failed case leaves calls behind that reject when its clients are closed: nobody waits for them any more. */
  track<T>(result: Promise<T>, ...words: readonly string[]): Promise<T> {
    const text = words.join(' ');
    const call = { text: text.length > longest ? `${text.slice(0, longest)}…` : text };
    this.#calls.add(call);
    const settled = (): void => void this.#calls.delete(call);
    result.then(settled, settled);
    return result;
  }

  get texts(): readonly string[] {
    return Array.from(this.#calls, ({ text }) => text);
  }
}
