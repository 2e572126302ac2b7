import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseDuration } from '../../src/command/options.ts';
import { startCache } from '../../src/index.ts';
import { cli, runApplication, startEmulator } from './support.ts';

const run = promisify(execFile);

test('the printed environment is all that an application needs; logins and expiries are shown; SIGINT leaves nothing', async () => {
  const emulator = await startEmulator(['--lifetime', '5m']);
  expect((await runApplication(emulator.variables)).stdout).toBe('OK\n');
  await emulator.printed(/login .*CLIENT ID 1/);
  expect(emulator.output()).not.toMatch(/eyJ/);
  expect(await emulator.stop('SIGINT')).toBe(0);
  expect(existsSync(emulator.variables['NODE_EXTRA_CA_CERTS'] ?? '')).toBe(false);
});

test('--tls: the cache speaks TLS, trusted by the same file', async () => {
  const emulator = await startEmulator(['--tls']);
  const { stdout } = await runApplication({ ...emulator.variables, REDIS_TLS: '1' });
  expect(stdout).toBe('OK\n');
  expect(emulator.output()).toContain('It speaks TLS, which clients leave off on this machine: rediss://, or tls: {}');
});

test('--allow and --read-only: who is not named is refused, who may only read is denied writes', async () => {
  const [stranger, reader] = await Promise.all([
    startEmulator(['--allow', 'somebody-else']),
    startEmulator(['--object-id', 'me', '--allow', 'somebody-else', '--read-only', 'you,me']),
  ]);
  await expect(runApplication(stranger.variables)).rejects.toThrow(/WRONGPASS/);
  await stranger.printed(/refused .*no data access policy is assigned to object id/);
  await expect(runApplication(reader.variables)).rejects.toThrow(/NOPERM.*'set'/);
});

test('a connection whose token ends is cut, and that is shown', async () => {
  const emulator = await startEmulator(['--lifetime', '1s']);
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
