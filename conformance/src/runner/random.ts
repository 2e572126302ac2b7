/** A seeded generator (mulberry32), so that a run can be repeated by its printed seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in an order that the generator draws, each between the start (0) and the end (1) of its span. */
export function shuffled<T>(
  items: Iterable<T>,
  random: () => number,
  span: (item: T) => readonly [start: number, end: number] = () => [0, 1],
): T[] {
  const drawn = Array.from(items, (item) => {
    const [start, end] = span(item);
    return { item, key: start + random() * (end - start) };
  });
  return drawn.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

/** A seed for one case: the run's seed and the case's address. */
export function seedFor(seed: number, address: string): number {
  let hash = seed | 0;
  for (const char of address) hash = (Math.imul(hash, 31) + (char.codePointAt(0) as number)) | 0;
  return hash >>> 0;
}
