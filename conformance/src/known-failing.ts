import { globMatcher } from './plan.ts';

/** A line of a known-failing list. Such cases run all the same: one that passes must leave the list. */
export interface KnownFailing {
  /** A glob over case addresses. */
  readonly pattern: string;
  readonly because: string;
  /** Where it is written down: an issue, or a defect number of peers. */
  readonly issue: string;
  /** It fails now and then, by a race in a peer: passing is no news. Never for ours. */
  readonly flaky?: true;
}

export class KnownFailures {
  readonly #lines: { readonly line: KnownFailing; readonly matches: (address: string) => boolean; used: boolean }[];

  constructor(lines: readonly KnownFailing[]) {
    this.#lines = lines.map((line) => ({ line, matches: globMatcher(line.pattern), used: false }));
  }

  /** The line that names this case, if any. */
  find(address: string): KnownFailing | undefined {
    let found: KnownFailing | undefined;
    for (const entry of this.#lines) {
      if (!entry.matches(address)) continue;
      entry.used = true;
      found ??= entry.line;
    }
    return found;
  }

  /** Lines that named no case of a whole run: they are out of date. */
  unmatched(): KnownFailing[] {
    return this.#lines.filter(({ used }) => !used).map(({ line }) => line);
  }
}
