import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly private?: true;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const published = globSync('{packages/*,conformance}/package.json', { cwd: root })
  .map((file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as Manifest)
  .filter((manifest) => manifest.private !== true);
const named = (list: Readonly<Record<string, string>> = {}): string[] => Object.keys(list).sort();

/** What an application that logs in takes into its process: our own code, and the client that it has anyway. */
const expected: Readonly<Record<string, readonly string[]>> = {
  '@entra-redis/token-manager': [],
  '@entra-redis/ioredis': ['@entra-redis/token-manager', 'peer ioredis'],
  '@entra-redis/node-redis': ['@entra-redis/token-manager', 'peer @redis/client'],
};

test.each(Object.entries(expected))('%s depends on nothing else', (name, dependencies) => {
  const manifest = published.find((each) => each.name === name);
  const peers = named(manifest?.peerDependencies).map((peer) => `peer ${peer}`);
  expect([...named(manifest?.dependencies), ...named(manifest?.optionalDependencies), ...peers]).toEqual(dependencies);
});

/** For a developer's machine. */
const tools: Readonly<Record<string, readonly string[]>> = {
  '@entra-redis/emulator': ['@peculiar/x509', 'commander', 'jose', 'reflect-metadata'],
  '@entra-redis/conformance': [
    ...['@azure/identity', '@entra-redis/emulator', '@entra-redis/ioredis', '@entra-redis/node-redis'],
    ...['@entra-redis/token-manager', '@redis/client', 'bullmq', 'commander', 'ioredis', 'ioredis-5'],
    ...['ioredis-5-oldest', 'redis', 'redis-4', 'redis-5', 'redis-5-oldest'],
  ],
  'entra-redis': ['@azure/identity', '@entra-redis/emulator', '@entra-redis/token-manager', 'commander'],
};

test.each(Object.entries(tools))('%s is known with all its dependencies', (name, dependencies) => {
  const manifest = published.find((each) => each.name === name);
  expect(named(manifest?.dependencies)).toEqual(dependencies);
});

test('no other package is published, and none runs a script when it is installed', () => {
  expect(published.map(({ name }) => name).sort()).toEqual(Object.keys({ ...expected, ...tools }).sort());
  const onInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(published.flatMap(({ scripts = {} }) => onInstall.filter((script) => script in scripts))).toEqual([]);
});
