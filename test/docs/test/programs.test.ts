import { expect, test } from 'vitest';
import { blocksOf } from '../src/markdown.ts';
import { programsOf } from '../src/programs.ts';
import { planShellLine } from '../src/shell.ts';

const page = (text: string): ReturnType<typeof programsOf> => programsOf(blocksOf('page.md', text));

test('a block is a program; with= puts others before it', () => {
  const [first, second] = page(
    '```ts id=one on=alone\nconst one = 1;\n```\n- in a list:\n  ```ts with=one\n  one + 1;\n  ```\n',
  );
  expect(first).toEqual({ name: 'page.md:1', source: 'const one = 1;\n', place: 'alone', older: false });
  expect(second).toMatchObject({ name: 'page.md:5', source: 'const one = 1;\n\none + 1;\n', place: 'cache' });
});

test('a diff is two programs: what was, compiled alone, and what is', () => {
  const [before, after] = page('```diff ts older\n same();\n\n-old();\n+fresh();\n```\n');
  expect(before).toMatchObject({ name: 'page.md:1-', source: 'same();\n\nold();\n', place: 'nowhere', older: true });
  expect(after).toMatchObject({ name: 'page.md:1+', source: 'same();\n\nfresh();\n', place: 'cache' });
});

test('other languages are no programs; a word that nobody knows is a mistake', () => {
  expect(page('```json\n{}\n```\n```diff\n-a\n```\n```\ntext\n```\n')).toEqual([]);
  expect(() => page('```ts withh=one\n```\n')).toThrow('page.md:1: unknown words behind the language: withh');
  expect(() => page('```ts with=one\n```\n')).toThrow('page.md:1: no block of the page has id=one');
  expect(() => page('```ts on=mars\n```\n')).toThrow('page.md:1: on=mars is none of');
});

test('a command line that nobody checks is a mistake', () => {
  expect(() => planShellLine({ name: 'page.md:1', text: 'curl example' })).toThrow('nobody checks this command line');
});
