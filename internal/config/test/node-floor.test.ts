import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { moduleFloor } from '../src/node-floor.mjs';
import { publishedPackages } from '../../../scripts/workspace.ts';

/** What the check says on that Node.js; undefined where it says nothing. */
function said(range: string, version: string): unknown {
  try {
    runInNewContext(moduleFloor('@entra-redis/x', range), { Error, process: { versions: { node: version } } });
    return undefined;
  } catch (error) {
    return error;
  }
}

test('a Node.js below engines is refused with one sentence that names the cause and the remedy', () => {
  expect(said('>=22.12.0', '20.19.5')).toMatchObject({
    message: '@entra-redis/x needs Node.js >=22.12.0, and this is 20.19.5: install a newer Node.js.',
    code: 'ERR_NODE_VERSION',
  });
});

test.each([
  ['>=22.12.0', ['18.0.0', '22.11.9'], ['22.12.0', '23.0.0', '24.0.0', '100.1.0']],
  ['^22.17.0 || >=24.2.0', ['22.16.5', '23.9.0', '24.1.0'], ['22.17.0', '22.99.0', '24.2.0', '25.0.0', '26.0.0']],
])('%s is read as semver does', (range, below, within) => {
  for (const version of below) expect(said(range, version), version).toBeInstanceOf(Error);
  for (const version of within) expect(said(range, version), version).toBeUndefined();
});

test('a range that the build cannot read fails it', () => {
  expect(() => moduleFloor('@entra-redis/x', '22.x')).toThrow('engines.node of @entra-redis/x: cannot read "22.x"');
});

test('ioredis leaves the check to token-manager, so both need the same Node.js', () => {
  const engines = Object.fromEntries(publishedPackages().map(({ manifest }) => [manifest.name, manifest.engines]));
  expect(engines['@entra-redis/ioredis']).toEqual(engines['@entra-redis/token-manager']);
});
