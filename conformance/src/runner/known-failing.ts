import { globMatcher } from './plan.ts';

/** A line of a known-failing list. Such cases run all the same: one that passes must leave the list. */
export interface KnownFailing {
  /** A glob over case addresses that names one scenario. */
  readonly pattern: string;
  readonly because: string;
  /** Where it is written down: an issue, or a defect number of peers. */
  readonly issue: string;
  /** What the error must contain, `*` for anything between; several where it shows in one of several ways. Any other error is a failure. */
  readonly error: string | readonly string[];
  /** It fails now and then, by a race in a peer: passing is no news. Never for ours. */
  readonly flaky?: true;
}

export class KnownFailures {
  readonly #lines: { readonly line: KnownFailing; readonly matches: (address: string) => boolean; used: boolean }[];

  /** Throws for a line that would excuse a whole group, or any error. */
  constructor(lines: readonly KnownFailing[]) {
    for (const line of lines) check(line);
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

function check({ pattern, error }: KnownFailing): void {
  if (!/^[^*/]+\/[^*/]+\/.*$/.test(pattern) || pattern.includes(','))
    throw new RangeError(`known-failing pattern ${pattern}: it must name one scenario, as reauth/multi/driver:mine@*`);
  const texts = [error].flat();
  if (texts.length > 0 && texts.every((text) => typeof text === 'string' && /[^\s*]/.test(text))) return;
  throw new TypeError(
    `known-failing pattern ${pattern}: "error" must be what the error contains, or a list of such texts`,
  );
}

/** Whether a case failed as its line says. */
export function isExpected({ error }: KnownFailing, told: string): boolean {
  return [error].flat().some((text) => {
    let from = 0;
    return text.split('*').every((part) => {
      const at = told.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  });
}

/** The line's own words, for reports. */
export const expectedErrors = ({ error }: KnownFailing): string =>
  [error]
    .flat()
    .map((text) => `"${text}"`)
    .join(' or ');
