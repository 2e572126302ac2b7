import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** No credential and no server of the developer's own machine. */
const quiet = { PATH: '/nonexistent', HOME: '/nonexistent' };
/** Each starts a process of its own, on machines that do other things, too. */
const timeout = 120_000;

interface Ran {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built demo to its end. The signal of a test that runs out of time ends it: then it has no code. */
function demo(args: readonly string[], env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env: { ...quiet, ...env }, signal }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

/** Takes a port, and connections, and never says anything. */
const silent = createServer(() => undefined);
let port = 0;

beforeAll(async () => {
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  port = (silent.address() as { port: number }).port;
});
afterAll(() => void silent.close());

test('a short run on the fake cache says that nothing failed', { timeout }, async ({ signal }) => {
  const { code, stdout } = await demo(['--cache', 'fake', '--lifetime', '4', '--seconds', '4'], {}, signal);
  expect(stdout).toContain('\nNothing failed.\n');
  expect(stdout).toMatch(/ioredis commands +CLIENT ID \d+ +new token until/);
  expect(code).toBe(0);
});

const fake = '--cache=fake';

test.concurrent.for<[string, { args: string[]; env?: Record<string, string>; says: RegExp }]>([
  [
    'an identity provider that cannot be reached',
    {
      args: [fake, '--authority', 'https://127.0.0.1:1'],
      says: /https:\/\/127\.0\.0\.1:1 gave no token: check --auth/,
    },
  ],
  [
    'an identity provider that never answers',
    { args: [fake, '--authority', 'https://127.0.0.1:PORT'], says: /https:\/\/127\.0\.0\.1:\d+ gave no token: check/ },
  ],
  [
    'an object id that the cache does not know',
    { args: [fake, '--object-id', 'nobody'], says: /refused the token of object id nobody\. Check/ },
  ],
  [
    'a credential from variables that are not set',
    {
      args: [fake, '--credential', 'environment'],
      says: /set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET/,
    },
  ],
  ['a port in use', { args: [fake, '--port', 'PORT'], says: /port \d+ is in use: choose another with --port/ }],
  [
    'a REDIS_SERVER that is not there',
    {
      args: [],
      env: { REDIS_SERVER: '/nonexistent' },
      says: /set REDIS_SERVER .* choose --cache fake \(.*\/nonexistent/,
    },
  ],
  [
    'a REDIS_SERVER that is another program',
    {
      args: [],
      env: { REDIS_SERVER: process.execPath },
      says: /set REDIS_SERVER .* choose --cache fake \(.*did not start/,
    },
  ],
  ['a value that an option does not have', { args: ['--cache', 'memcached'], says: /choices are redis, fake/ }],
  ['an unknown option', { args: ['--hosts', 'x'], says: /unknown option '--hosts'/ }],
])('%s ends it with one sentence', { timeout }, async ([, { args, env = {}, says }], { signal }) => {
  const { code, stdout, stderr } = await demo(
    args.map((arg) => arg.replace('PORT', String(port))),
    env,
    signal,
  );
  expect(stderr).toMatch(/^(demo|error): .+\n$/);
  expect(stderr).toMatch(says);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});
