import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { parseDuration } from '../../src/cli/duration.ts';
import { startCache } from '../../src/index.ts';

const cli = new URL('../../dist/cli.js', import.meta.url).pathname;
const run = promisify(execFile);
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    const exit = ended(child);
    child.kill('SIGTERM');
    await exit;
  }
});

interface Emulator {
  readonly child: ChildProcess;
  readonly variables: Record<string, string>;
  /** All that it has printed. */
  output(): string;
  /** Resolves when a line like this has been printed. */
  printed(pattern: RegExp): Promise<void>;
}

async function start(...args: string[]): Promise<Emulator> {
  const child = spawn(process.execPath, [cli, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  const waiting = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of [...waiting]) look();
  });
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await printed(/Ctrl-C stops it/);
  const variables = Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  return { child, variables, output: () => text, printed };
}

/** An application that knows nothing but its environment. */
const application = `
  import { DefaultAzureCredential } from '@azure/identity';
  import { createClient } from 'redis';
  const { token } = await new DefaultAzureCredential().getToken('https://redis.azure.com/.default');
  const { oid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
  const tls = process.env.REDIS_TLS === '1';
  const client = createClient({ username: oid, password: token, socket: { host, port: Number(port), tls } });
  await client.connect();
  console.log(await client.set('key', 'value'));
  if (process.env.HOLD === '1') await new Promise((resolve) => client.once('error', resolve));
  client.destroy();
`;

const runApplication = (variables: Record<string, string>) =>
  run(process.execPath, ['--input-type=module', '--eval', application], {
    cwd: new URL('../..', import.meta.url),
    env: { PATH: process.env['PATH'] ?? '', ...variables },
  });

async function ended(child: ChildProcess): Promise<number | null> {
  return await new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

test('the printed environment is all that an application needs; logins and expiries are shown; SIGINT leaves nothing', async () => {
  const emulator = await start('--lifetime', '5m');
  expect((await runApplication(emulator.variables)).stdout).toBe('OK\n');
  await emulator.printed(/login .*CLIENT ID 1/);
  expect(emulator.output()).not.toMatch(/eyJ/);
  const exit = ended(emulator.child);
  emulator.child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(existsSync(emulator.variables['NODE_EXTRA_CA_CERTS'] ?? '')).toBe(false);
});

test('--tls: the cache speaks TLS, trusted by the same file', async () => {
  const emulator = await start('--tls');
  const { stdout } = await runApplication({ ...emulator.variables, REDIS_TLS: '1' });
  expect(stdout).toBe('OK\n');
  expect(emulator.output()).toContain('It speaks TLS, which clients leave off on this machine: rediss://, or tls: {}');
});

test('--allow and --read-only: who is not named is refused, who may only read is denied writes', async () => {
  const [stranger, reader] = await Promise.all([
    start('--allow', 'somebody-else'),
    start('--object-id', 'me', '--allow', 'somebody-else', '--read-only', 'you,me'),
  ]);
  await expect(runApplication(stranger.variables)).rejects.toThrow(/WRONGPASS/);
  await stranger.printed(/refused .*no data access policy is assigned to object id/);
  await expect(runApplication(reader.variables)).rejects.toThrow(/NOPERM.*'set'/);
});

test('a connection whose token ends is cut, and that is shown', async () => {
  const emulator = await start('--lifetime', '1s');
  await runApplication({ ...emulator.variables, HOLD: '1' });
  await emulator.printed(/expired .*CLIENT ID 1: its token ended/);
  expect(emulator.output()).toMatch(/login .*HELLO as [\da-f-]{36}, until/);
});

test.each([
  [['--lifetime', 'soon'], /--lifetime.*'soon'.*60s/],
  [['--allow', 'one,,two'], /--allow.*object ids with commas/],
  [['--upstream', 'rediss://127.0.0.1:1'], /--upstream.*redis:\/\/user:password@host:port/],
  [['--upstream', 'redis://user:pass@127.0.0.1:1'], /reached no usable Redis at 127\.0\.0\.1:1/],
  [['--upstream', 'redis://127.0.0.1:1'], /reached no usable Redis at 127\.0\.0\.1:1/],
  [['--port', '99999'], /--port.*port number/],
])('%j ends with one clear sentence', async (args, words) => {
  const failed = await run(process.execPath, [cli, ...(args.includes('--port') ? [] : ['--port', '0']), ...args]).catch(
    (error: unknown) => error,
  );
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  expect((failed as { stderr: string }).stderr.trim().split('\n')).toHaveLength(1);
});

test('a port in use ends with one clear sentence', async () => {
  const cache = await startCache({ verifier: { verify: () => ({ ok: false, reason: 'nobody' }) } });
  try {
    const failed = await run(process.execPath, [cli, '--port', String(cache.port)]).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: `entra-redis-emulator: port ${cache.port} is in use: choose another with --port, 0 for a free one.\n`,
    });
  } finally {
    await cache.close();
  }
});

test.each([
  ['60s', 60_000],
  ['1500ms', 1500],
  ['1.5h', 5_400_000],
  ['5', undefined],
  ['s', undefined],
])('the duration %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
