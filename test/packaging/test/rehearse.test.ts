import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { cleanEnvironment } from '../src/managers.ts';
import { nodeMajors, oldestNodes } from '../src/nodes.ts';
import { complaints } from '../src/types.ts';

test('the oldest Nodes are those that engines name', () => {
  expect(oldestNodes('>=22.12.0')).toEqual(['22.12.0']);
  expect(oldestNodes('^22.17.0 || >=24.2.0')).toEqual(['22.17.0', '24.2.0']);
});

test('complaints are those about the program and our declarations, not those of others', () => {
  const ours =
    'node_modules/.pnpm/@entra-redis+emulator@0.1.0/node_modules/@entra-redis/emulator/dist/a.d.cts(1,2): error TS1479: x';
  const theirs = 'node_modules/.pnpm/redis@6.0.0/node_modules/redis/dist/a.d.ts(1,2): error TS2304: x';
  const program = 'ioredis.mts(1,2): error TS2345: x';
  expect(complaints([ours, theirs, program, '  more of it'].join('\n'))).toEqual([ours, program]);
});

test('a compiler that fails without a complaint is no success', () => {
  expect(complaints('Segmentation fault')).toBeUndefined();
});

test('the registry and caches of whoever started the rehearsal stay out of it', () => {
  const env = cleanEnvironment({ PATH: '/bin', npm_config_registry: 'x', NPM_CONFIG_CACHE: 'x', pnpm_config_x: 'x' });
  expect(env).toEqual({ PATH: '/bin' });
});

test('the tests run on the Nodes that are rehearsed', () => {
  const text = readFileSync(new URL('../../../.github/workflows/ci.yml', import.meta.url), 'utf8');
  const { jobs } = parse(text) as { jobs: { test: { strategy: { matrix: { node: string[] } } } } };
  expect(jobs.test.strategy.matrix.node).toEqual(nodeMajors);
});
