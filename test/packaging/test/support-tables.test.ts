import { expect, test } from 'vitest';
import { combinationLines, combinationProblems, readCombinations } from '../src/combinations.ts';
import { supportProblems, supportTable } from '../src/support-tables.ts';
import { root } from '../../../scripts/workspace.ts';

const whole = {
  'Node.js 22, CommonJS': ['ioredis 6'],
  'Node.js 22, ES module': ['ioredis 6'],
  'Node.js 22.12.0, ES module': ['ioredis 6'],
  'Node.js 24, ES module': ['ioredis 6', 'redis 6'],
  'TypeScript 5.4, node10': ['ioredis 6'],
  'TypeScript 5.4, node16': ['ioredis 6'],
  'TypeScript 7.0, node16': ['ioredis 6'],
  'Jest 30, resetModules': ['ioredis 6'],
  'Jest 30, ts-jest, CommonJS': ['ioredis 6'],
};

test('the support tables of all READMEs are what the whole rehearsal runs', () => {
  expect(supportProblems(root, readCombinations(root).whole)).toEqual([]);
});

test('a row says from which Node.js on, and to which TypeScript a way to resolve modules goes', () => {
  expect(supportTable(whole, ['ioredis 6', 'redis 6']).split('\n')).toEqual([
    '|  | Node.js | TypeScript | module systems | test runners |',
    '|---|---|---|---|---|',
    '| ioredis 6 | 22.12, 24 | 5.4, 7.0 | ES modules, CommonJS; `node10` (5.4), `node16` | Jest 30 |',
    '| redis 6 | 24 |  | ES modules |  |',
  ]);
});

test('what the committed list has and did not run is told, and what it lacks', () => {
  const proved = new Map([['tsx 4', new Map([['redis 6', true]])]]);
  expect(combinationProblems({ 'tsx 4': ['ioredis 6', 'redis 6'] }, proved)).toEqual([
    expect.stringContaining('lists tsx 4 with ioredis 6, which did not run'),
  ]);
  expect(combinationProblems({}, proved)).toEqual([expect.stringContaining('tsx 4 with redis 6 ran')]);
});

test('each combination is listed as ok or failed', () => {
  const clients = new Map([
    ['redis 6', false],
    ['ioredis 6', true],
    ['ioredis 5', true],
  ]);
  expect(combinationLines(new Map([['tsx 4', clients]]))).toEqual([
    'ok     tsx 4: ioredis 5, ioredis 6',
    'FAILED tsx 4: redis 6',
  ]);
});

test("CI's part has every TypeScript with every way to resolve modules, and one of each bundler and test runner", () => {
  const { ci, whole: all } = readCombinations(root);
  const ways = (combinations: object, pattern: RegExp) =>
    [...new Set(Object.keys(combinations).flatMap((way) => pattern.exec(way)?.[0] ?? []))].toSorted();
  for (const pattern of [/^TypeScript .*/, /^(esbuild|webpack|Vite|Jest|Vitest|tsx)/]) {
    expect(ways(ci, pattern)).toEqual(ways(all, pattern));
  }
});
