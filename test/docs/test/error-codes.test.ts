import { globSync, readFileSync } from 'node:fs';
import type { Heading } from 'mdast';
import { visit } from 'unist-util-visit';
import { expect, test } from 'vitest';
import { parse, readPage, root } from '../src/markdown.ts';

/** Codes of errors and warnings that the sources of our packages write, but for those that they read from others. */
function codesOfSources(): string[] {
  const union =
    /type EntraRedisErrorCode =([^;]+);/.exec(source('packages/token-manager/src/errors/errors.ts'))?.[1] ?? '';
  const errors = [...union.matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code ?? '');
  // Of the emulator such names are variables.
  const warnings = globSync('packages/{token-manager,ioredis,node-redis}/src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...source(file).matchAll(/'(ENTRA_REDIS_\w+|CLOCK_SKEW)'/g)].map(([, code]) => code ?? ''),
  );
  const builtIn = [...source('internal/config/src/node-floor.mjs').matchAll(/code: "(ERR_\w+)"/g)].map(
    ([, code]) => code ?? '',
  );
  return [...errors, ...warnings, ...builtIn];
}

const source = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

test('troubleshooting has a section for every code of every package, and for no other code', () => {
  const sections: string[] = [];
  let chapter = '';
  visit(parse(readPage('docs/troubleshooting.md')), 'heading', ({ depth, children: [first] }: Heading) => {
    if (first?.type !== 'text') return;
    if (depth === 2) chapter = first.value;
    if (depth === 3 && (chapter === 'Errors' || chapter === 'Warnings')) sections.push(first.value);
  });
  expect(sections.length).toBeGreaterThan(10);
  expect(sections.toSorted()).toEqual([...new Set(codesOfSources())].sort());
});

test('every code that the sources throw is one of the exported type', () => {
  const known = new Set(codesOfSources());
  const thrown = globSync('packages/{token-manager,ioredis,node-redis}/src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...source(file).matchAll(/'(ERR_\w+|ENTRA_REDIS_\w+)'/g)].map(([, code]) => code ?? ''),
  );
  expect([...new Set(thrown)].filter((code) => !known.has(code))).toEqual([]);
});
