import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarios } from '@entra-redis/conformance';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(`${root}/docs/threat-model.md`, 'utf8');
/** `file`: the name of a test, to the end of the line. */
const claims = [...page.matchAll(/^- .*?`([^`]+\.test\.ts)`: (.+)$/gm)].map(([, file = '', name = '']) => ({
  file,
  name,
}));

test.each(claims)('$file: $name', ({ file, name }) => {
  expect(existsSync(`${root}/${file}`)).toBe(true);
  expect(readFileSync(`${root}/${file}`, 'utf8')).toContain(name);
});

test('every section has claims, and every scenario that is named exists', () => {
  expect(claims.length).toBeGreaterThan(25);
  for (const section of page.split(/^## /m).slice(1)) expect(section).toMatch(/^- .*`[^`]+\.test\.ts`: /m);
  const named = [...page.matchAll(/scenario `([^`]+)`/g)].map(([, id]) => id);
  expect(named.filter((id) => !scenarios.some((scenario) => scenario.id === id))).toEqual([]);
});
