import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What a library that holds tokens has no use for: where they could be kept, or sent. */
const doors = [
  ...[/from 'node:(fs|http|https|http2|dgram|child_process|cluster|worker_threads|sqlite|v8|vm|repl|inspector)/],
  ...[/\bprocess\.env\b/, /\bfetch\(/, /\bimport\(/],
];
/** Sockets are the clients'; the adapters name their type, and make one that is closed already. */
const sources = globSync('packages/{token-manager,ioredis,node-redis}/src/**/*.ts', { cwd: root });
/** The first group of each match of a pattern, after its file. */
const found = (pattern: RegExp): string[] =>
  sources
    .flatMap((file) =>
      [...readFileSync(`${root}/${file}`, 'utf8').matchAll(pattern)].map(([, what]) => `${file}: ${what}`),
    )
    .sort();

/** Built-in modules that are loaded without `import`, which is slow for an ES module: no check of imports sees them. */
const loaded: Readonly<Record<string, string>> = {
  'packages/ioredis/src/client/cluster.ts: node:dns': 'looks nodes up, as ioredis does by default',
  'packages/ioredis/src/client/cluster.ts: node:net':
    'which startup node has a name, for the certificates of the others',
  'packages/ioredis/src/client/loaded-copies.ts: node:util': 'which copy of ioredis is running',
  'packages/ioredis/src/connection/connect-after-token.ts: node:net': 'a socket that is closed already',
  'packages/ioredis/src/tls.ts: node:net': 'whether a host is an address, which is no server name for TLS',
  'packages/ioredis/src/tls.ts: node:tls': 'checks a certificate as TLS itself does, for another name',
  'packages/node-redis/src/client/auth-answer.ts: node:v8': 'sees which promise the client makes for an AUTH',
  'packages/node-redis/src/timers.ts: node:timers': 'the next turn, where the global one may be a fake',
  'packages/node-redis/src/timers.ts: node:timers/promises': 'a wait that keeps no process',
  'packages/token-manager/src/errors/provider-errors.ts: node:util': 'finds a token in an error, wherever it stands',
  'packages/token-manager/src/time.ts: node:timers': 'keeps the timers of the system, whatever a test fakes',
};

/** What is made of a `require`, with which any file could be loaded, by a name that nobody sees here. */
const required: Readonly<Record<string, string>> = {
  "packages/ioredis/src/client/loaded-copies.ts: const moduleCache = (): NodeJS.Dict<NodeJS.Module> => nodeModule.createRequire('/').cache;":
    'sees which copies of ioredis are loaded',
};

/** What other releases, and other evaluations, of a package find in a process: the version changes with what is found, and only then. */
const symbols = [
  'packages/ioredis/src/client/connect-hooks.ts: @entra-redis/ioredis/hooked/1',
  'packages/ioredis/src/client/connect-hooks.ts: @entra-redis/ioredis/login/1',
  'packages/node-redis/src/client/connected-socket.ts: @entra-redis/node-redis/connected-socket/1',
  'packages/node-redis/src/connection/provider-access.ts: @entra-redis/node-redis/provider/1',
  'packages/node-redis/src/connection/provider-access.ts: @entra-redis/node-redis/v4-binding/1',
  'packages/node-redis/src/process-wide.ts: @entra-redis/node-redis/warnings/1',
  'packages/node-redis/src/v4/with-entra.ts: @entra-redis/node-redis/v4-hooked/1',
];

test('no source writes a file, opens a socket, starts a process or reads the environment', () => {
  expect(sources.length).toBeGreaterThan(40);
  const open = sources.flatMap((file) => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    const opens =
      /\b(connect|createConnection|createServer)\b[^;]*(from |Module\()'node:(net|tls)'|\bnet\.(connect|create)/.test(
        text,
      );
    return [...doors.filter((door) => door.test(text)).map(String), ...(opens ? ['a socket'] : [])].map(
      (what) => `${file}: ${what}`,
    );
  });
  expect(open).toEqual([]);
});

test('a built-in module that is not imported is one of a few, each for a reason', () => {
  expect(found(/getBuiltinModule\('([^']+)'\)/g)).toEqual(Object.keys(loaded));
  // None by a name that is made up meanwhile, or by another name of the function.
  expect(found(/(getBuiltinModule)/g)).toHaveLength(Object.keys(loaded).length);
});

test('a require is made to see what is loaded, and loads nothing', () => {
  expect([...new Set(found(/^ *((?!\/\/).*createRequire.*)$/gm))]).toEqual(Object.keys(required));
});

test('a symbol that releases share is @entra-redis/<package>/<name>/<version>, and one of a few', () => {
  // A comment may say the pattern; Node.js has one of its own.
  const shared = found(/\bSymbol\.for\(['"`](?!nodejs\.)([^)]*)['"`]\)/g).filter((symbol) => !symbol.includes('<'));
  expect(shared).toEqual(symbols);
  expect(found(/\bSymbol\.for\((?!['"`])(.)/g)).toEqual([]);
  for (const symbol of symbols) expect(symbol).toMatch(/^packages\/([\w-]+)\/.*: @entra-redis\/\1\/[a-z\d-]+\/\d+$/);
});
