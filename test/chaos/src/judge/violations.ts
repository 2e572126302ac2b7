import type { Invariant, Violation } from '../protocol.ts';

/** Violations of one rule that are kept, of each occasion. */
const mostOfOne = 50;

/** What a calm breaks. */
const ofCalms: ReadonlySet<Invariant> = new Set(['calm', 'recovers']);

/** What a round found. */
export class Violations {
  #found: (Violation & { readonly occasion: string })[] = [];

  get all(): readonly Violation[] {
    return this.#found.map(({ invariant, detail }) => ({ invariant, detail }));
  }

  get count(): number {
    return this.#found.length;
  }

  add({ invariant, detail }: Violation, occasion = ''): void {
    const known = this.#found.filter((each) => each.invariant === invariant && each.occasion === occasion);
    if (known.length >= mostOfOne) return;
    const told = invariant === 'calm' && occasion !== '' ? `${occasion}: ${detail}` : detail;
    this.#found.push({ invariant, detail: told, occasion });
  }

  /** Takes back what a calm has broken, after the first `count` of all, and answers with it. */
  takeBack(count: number): readonly Violation[] {
    const taken = this.#found.filter(({ invariant }, index) => index >= count && ofCalms.has(invariant));
    this.#found = this.#found.filter((each) => !taken.includes(each));
    return taken;
  }
}
