import { expect, test } from 'vitest';
import { compareFiles, manifestProblems } from '../release/inspect.ts';

const manager = { name: '@entra-redis/token-manager', version: '1.4.2' };

test('a tarball with exactly its committed files is as it must be', () => {
  expect(compareFiles('a', ['package.json', 'dist/index.js'], ['dist/index.js', 'package.json'])).toEqual([]);
});

test('a file that is missing from the tarball, and one too many, are told with what to do', () => {
  const problems = compareFiles('a', ['dist/index.d.cts', 'package.json'], ['dist/secret.pem', 'package.json']);
  expect(problems).toEqual([
    expect.stringMatching(
      /^The tarball of a lacks dist\/index\.d\.cts: look at "files" and the build; .*npm run package-files/,
    ),
    expect.stringMatching(/^The tarball of a has dist\/secret\.pem, .*npm run package-files/),
  ]);
});

test('adapters take any compatible token manager, by "^"', () => {
  const adapter = (range: string) => ({ name: 'adapter', version: '2.0.0', dependencies: { [manager.name]: range } });
  expect(manifestProblems([manager, adapter('^1.4.2')])).toEqual([]);
  expect(manifestProblems([manager, adapter('1.4.2')])).toEqual([expect.stringContaining('write "workspace:^"')]);
  expect(manifestProblems([manager, adapter('~1.4.2')])).toEqual([expect.stringContaining('write "workspace:^"')]);
});

test('a range that only this workspace understands does not reach the registry', () => {
  const packed = { name: 'adapter', version: '2.0.0', dependencies: { jose: 'catalog:' } };
  expect(manifestProblems([packed])).toEqual([expect.stringContaining('pack it with pnpm')]);
});
