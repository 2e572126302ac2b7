import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Limit {
  readonly name: string;
  readonly limit: string;
  /** Printed by size-limit where the limit is exceeded: what it was at first, and why it was raised each time. */
  readonly message?: string;
}
const limits = JSON.parse(readFileSync(new URL('../release/.size-limit.json', import.meta.url), 'utf8')) as Limit[];

/** `14 kB at first. 15 kB: a reason.`: the numbers. */
const toldBy = (message: string): string[] =>
  [...message.matchAll(/(?:^|\. )([\d.]+ kB)(?= at first\.|: \w)/g)].map(([, limit = '']) => limit);

test.each(limits)(
  '$name: the limit is the last one that is told, each raise with its reason',
  ({ limit, message = '' }) => {
    const told = toldBy(message);
    expect(message).toMatch(/^[\d.]+ kB at first\./);
    expect(told.at(-1)).toBe(limit);
    expect(told.map(parseFloat)).toEqual(told.map(parseFloat).sort((a, b) => a - b));
  },
);
