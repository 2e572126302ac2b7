import { expect, test } from 'vitest';
import { matrixOf } from '../ci/conformance-matrix.ts';
import { policyProblems } from '../ci/workflow-policy.ts';

const pinned = `actions/checkout@${'a'.repeat(40)} # v7.0.1`;

function workflow({ permissions = '{}', step = `uses: ${pinned}`, timeout = 'timeout-minutes: 5' } = {}): string {
  return `permissions: ${permissions}\njobs:\n  a:\n    ${timeout}\n    steps:\n      - ${step}\n`;
}

const problemsOf = (text: string): string[] =>
  policyProblems('a.yml', text, new Set(['.ci/run', 'test', 'release', 'chaos']));

test('a workflow of scripts and pinned actions is as it must be', () => {
  expect(problemsOf(workflow())).toEqual([]);
  expect(problemsOf(workflow({ step: 'run: .ci/run' }))).toEqual([]);
  expect(problemsOf(workflow({ step: 'run: npm test' }))).toEqual([]);
  expect(problemsOf(workflow({ step: 'run: npm run release -- pack' }))).toEqual([]);
  expect(problemsOf(workflow({ step: 'run: npm run chaos -- --report out/chaos --target "$TARGET"' }))).toEqual([]);
});

test.each([
  ['a tag instead of a hash', workflow({ step: 'uses: actions/checkout@v7' }), 'pin it'],
  ['a hash without its version', workflow({ step: `uses: actions/checkout@${'a'.repeat(40)}` }), 'pin it'],
  ['logic of its own', workflow({ step: 'run: pnpm install && pnpm test' }), 'make a script of it'],
  ['two commands', workflow({ step: 'run: npm test -- a; npm test' }), 'make a script of it'],
  ['a program that is not there', workflow({ step: 'run: .ci/chekc' }), 'there is none'],
  ['a script that is not there', workflow({ step: 'run: npm run tset' }), 'there is none'],
  ['a permission for all jobs', workflow({ permissions: '{ contents: write }' }), 'into the one job'],
  ['every permission', workflow({ permissions: 'write-all' }), 'start with "permissions: {}"'],
  ['a job without end', workflow({ timeout: 'runs-on: ubuntu' }), 'give it one'],
])('%s is told', (_what, text, remedy) => {
  expect(problemsOf(text).join('\n')).toContain(remedy);
});

test('the matrix has each driver on each target once', () => {
  const cases = [
    'reauth/a/driver:ioredis@6.0.0/target:fake/resp:2',
    'reauth/a/driver:ioredis@6.0.0/target:fake/resp:3',
  ];
  expect(matrixOf([...cases, 'connect/b/driver:ioredis@6.0.0/target:redis-tls/resp:3'])).toEqual({
    include: [
      { driver: 'ioredis@6.0.0', target: 'fake' },
      { driver: 'ioredis@6.0.0', target: 'redis-tls' },
    ],
  });
});

test('a cache on Azure is for the one who has it: no job of the workflow', () => {
  const cases = [
    'life/azure/driver:ioredis@6.0.0/target:azure/resp:3',
    'life/a/driver:ioredis@6.0.0/target:fake/resp:3',
  ];
  expect(matrixOf(cases).include).toEqual([{ driver: 'ioredis@6.0.0', target: 'fake' }]);
});

test('an address that cannot be read, and a matrix without jobs, are errors', () => {
  expect(() => matrixOf(['what is this'])).toThrow('is not the address of a case');
  expect(() => matrixOf([])).toThrow('not 0');
});
