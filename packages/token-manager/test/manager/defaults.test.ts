import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaults, defaultScope } from '../../src/manager/defaults.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const asText = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en-US') : String(value));

/** Each default by the name of its option, as `retry.maxDelayMs`. */
const named = Object.entries(defaults).flatMap(([name, value]): [string, string][] =>
  typeof value === 'object'
    ? Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, asText(each)])
    : [[name, asText(value)]],
);

/** What the table of the README says: a row may name several options of one group. */
function stated(): Map<string, string> {
  const rows = read('../../README.md').matchAll(/^\| (?<names>`[^|]+`) \| (?<values>[^|]+) \|/gm);
  return new Map(
    [...rows].flatMap(({ groups }) => {
      const names = [...(groups?.['names'] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
      const values = (groups?.['values'] ?? '').split(', ');
      const prefix = /^\w+\./.exec(names[0] ?? '')?.[0] ?? '';
      return names.map((name, i): [string, string] => [
        i === 0 ? name : `${prefix}${name}`,
        (names.length === 1 ? (groups?.['values'] ?? '') : (values[i] ?? '')).replaceAll('`', ''),
      ]);
    }),
  );
}

test.each(named)('the README and the docstring of %s say its default, %s', (name, value) => {
  expect(stated().get(name)).toBe(value);
  const property = name.split('.').at(-1);
  const docstring =
    new RegExp(`/\\*\\*(?:(?!\\*/)[^])*\\*/\\s+${property}\\?:`).exec(read('../../src/manager/options.ts'))?.[0] ?? '';
  const told = [...docstring.replaceAll('`', '').matchAll(/[Dd]efault (\S+?)[.;,]?\s/g)].map(([, each]) => each);
  expect(told).toContain(value);
});

test('the scope is told as it is asked for', () => {
  expect(defaultScope).toBe(defaults.scope);
});
