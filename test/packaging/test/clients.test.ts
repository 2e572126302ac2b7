import { expect, test } from 'vitest';
import { clientSets, peerProblems } from '../src/clients.ts';
import { publishedPackages } from '../../../scripts/workspace.ts';

const adapter = (range: string) => [{ name: 'adapter', version: '1.0.0', peerDependencies: { ioredis: range } }];

test('every peer range of ours begins and ends with versions that are rehearsed', () => {
  expect(peerProblems(publishedPackages().map(({ manifest }) => manifest))).toEqual([]);
});

test('a peer range that is too narrow is told, with the version that it leaves out', () => {
  const [problem, ...others] = peerProblems(adapter('^5.4.0 || ^6.0.0'));
  expect(problem).toContain('leaves out ioredis 5.3.2');
  expect(problem).toContain('widen peerDependencies');
  expect(others).toEqual([expect.stringContaining('promises ioredis 5.4.0')]);
});

test('a peer range may not promise a version that nothing rehearses', () => {
  expect(peerProblems(adapter('^4.28.5 || ^5.3.2 || ^6.0.0'))).toEqual([
    expect.stringContaining('promises ioredis 4.28.5, which nothing rehearses'),
  ]);
});

test('what is no range is told', () => {
  expect(peerProblems(adapter('five'))).toEqual([expect.stringContaining('is no range')]);
});

test('every major is rehearsed at both ends', () => {
  const names = clientSets.map(({ name }) => name);
  for (const line of ['6', '5', 'redis 4'])
    expect(names).toEqual(expect.arrayContaining([`oldest ${line}`, `newest ${line}`]));
});
