import { expect, test } from 'vitest';
import { engineProblems } from '../src/engines.ts';

const lock = {
  packages: {
    'node_modules/ours': { engines: { node: '>=22.12.0' }, dependencies: { a: '1', b: '1' } },
    'node_modules/a': { engines: { node: '>=18' }, dependencies: { b: '2' } },
    'node_modules/a/node_modules/b': { engines: { node: '^22.17.0 || >=24.2.0' } },
    'node_modules/b': {},
    'node_modules/other': { engines: { node: '>=26' } },
  },
};

test('a package may not promise a Node on which something that it brings along does not run', () => {
  expect(engineProblems(lock, ['ours'])).toEqual([
    'ours says that it runs on Node ">=22.12.0", but its b on "^22.17.0 || >=24.2.0" alone: narrow "engines" in its package.json.',
  ]);
});

test('engines that are no wider than those of all dependencies are kept', () => {
  const ours = { ...lock.packages['node_modules/ours'], engines: { node: '^22.17.0 || >=24.2.0' } };
  expect(engineProblems({ packages: { ...lock.packages, 'node_modules/ours': ours } }, ['ours'])).toEqual([]);
});
