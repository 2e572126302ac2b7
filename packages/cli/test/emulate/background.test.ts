import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder, until } from '@entra-redis/test-support';
import { beforeEach, expect, test } from 'vitest';
import { bin, emulate, exportsIn, runApplication } from '../support/emulator.ts';

const run = promisify(execFile);
let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

test('--background: eval has the environment, prose is not in it, and --stop ends it', async () => {
  const script = `
    eval "$("${process.execPath}" "${bin}" emulate --background --port 0)" || exit 1
    env | grep -E '^(REDIS|AZURE|NODE_EXTRA|ENTRA)' | sed 's/^/export /'
    "${process.execPath}" "${bin}" doctor > /dev/null; echo "doctor $?"
    "${process.execPath}" "${bin}" emulate --stop; echo "stop $?"
    "${process.execPath}" "${bin}" emulate --stop; echo "again $?"`;
  const { stdout, stderr } = await run('sh', ['-c', script], { env: { ...process.env, TMPDIR: folder } });
  expect(stdout.trim().split('\n').slice(-3)).toEqual(['doctor 0', 'stop 0', 'again 1']);
  const { REDIS_HOST, NODE_EXTRA_CA_CERTS = '' } = exportsIn(stdout);
  expect([REDIS_HOST, existsSync(NODE_EXTRA_CA_CERTS)]).toEqual(['127.0.0.1', false]);
  expect(stderr).toContain('To stop it: npx entra-redis emulate --stop');
  expect(stderr).toContain('no emulator answers at ENTRA_REDIS_EMULATOR: it has ended already.');
  expect(await readdir(folder)).toEqual([]);
});

test('--stop finds it by the file that it wrote', async () => {
  const file = join(folder, '.env.entra');
  const started = await emulate(['--background', '--cache', 'fake', '--port', '0', '--write-env', file]);
  expect(started).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('export ENTRA_REDIS_EMULATOR=http://127.0.0.1:'),
  });
  expect(await emulate(['--stop', file])).toMatchObject({ code: 0, stdout: '' });
  expect(await readdir(folder)).toEqual([]);
});

test('--background goes on when its temporary files are cleaned away', async () => {
  const [file, temporary] = [join(folder, '.env.entra'), join(folder, 'tmp')];
  await mkdir(temporary);
  const args = ['--background', '--cache', 'fake', '--port', '0', '--write-env', file];
  const { stdout } = await emulate(args, { TMPDIR: temporary });
  await rm(temporary, { recursive: true });
  expect((await runApplication(exportsIn(stdout))).stdout).toBe('OK\n');
  expect(await emulate(['--stop', file])).toMatchObject({ code: 0 });
});

test('--background ends when its starter is killed before it is ready', async () => {
  const args = [bin, 'emulate', '--background', '--cluster', '--port', '0'];
  const starter = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' });
  await until(async () => (await readdir(folder)).length > 0);
  starter.kill('SIGKILL');
  await expect.poll(() => readdir(folder), { timeout: 15_000 }).toEqual([]);
});

test('--background ends although the process that asked for it has gone', async () => {
  // It takes a while to end three servers: the answer comes after the connection has closed.
  const { stdout } = await emulate(['--background', '--cluster', '--port', '0'], { TMPDIR: folder });
  const url = new URL(exportsIn(stdout)['ENTRA_REDIS_EMULATOR'] ?? '');
  const asker = connect(Number(url.port), url.hostname);
  asker.end(`DELETE ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`, () => asker.destroy());
  await expect.poll(() => fetch(url).catch(() => 'gone'), { timeout: 15_000 }).toBe('gone');
  expect(await readdir(folder)).toEqual([]);
});
