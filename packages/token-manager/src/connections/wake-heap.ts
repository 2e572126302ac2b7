/** An entry of a `WakeHeap`: it knows its instant and its place, so that nothing is allocated for it. */
export interface HeapEntry {
  wakeAt: number;
  /** Kept by the heap; -1 outside. */
  heapIndex: number;
}

/** A binary heap by `wakeAt`, whose entries can be moved and removed in O(log n). */
export class WakeHeap<T extends HeapEntry> {
  readonly #entries: T[] = [];

  peek(): T | undefined {
    return this.#entries[0];
  }

  /** Adds the entry or moves it to its new instant; one that never wakes is taken out. */
  set(entry: T, wakeAt: number): void {
    entry.wakeAt = wakeAt;
    if (wakeAt === Infinity) return this.delete(entry);
    if (entry.heapIndex < 0) {
      entry.heapIndex = this.#entries.length;
      this.#entries.push(entry);
    }
    this.#up(entry.heapIndex);
    this.#down(entry.heapIndex);
  }

  delete(entry: T): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    const last = this.#entries.pop() as T;
    if (last === entry) return;
    this.#place(last, index);
    this.#up(index);
    this.#down(last.heapIndex);
  }

  #place(entry: T, index: number): void {
    this.#entries[index] = entry;
    entry.heapIndex = index;
  }

  #up(start: number): void {
    let index = start;
    const entry = this.#entries[index] as T;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#entries[parent] as T;
      if (above.wakeAt <= entry.wakeAt) break;
      this.#place(above, index);
      index = parent;
    }
    this.#place(entry, index);
  }

  #down(start: number): void {
    let index = start;
    const entry = this.#entries[index] as T;
    for (;;) {
      let child = 2 * index + 1;
      const right = this.#entries[child + 1];
      if (right !== undefined && right.wakeAt < (this.#entries[child] as T).wakeAt) child += 1;
      const below = this.#entries[child];
      if (below === undefined || below.wakeAt >= entry.wakeAt) break;
      this.#place(below, index);
      index = child;
    }
    this.#place(entry, index);
  }
}
