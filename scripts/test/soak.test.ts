import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';

const program = fileURLToPath(new URL('../soak.mjs', import.meta.url));

/** Three runs in a folder of their own, where `npm` is this shell script; `meanwhile` may end them. */
async function soak(npm: string, meanwhile?: (folder: string) => Promise<unknown>) {
  const folder = mkdtempSync(join(tmpdir(), 'entra-redis-soak-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const copy = join(folder, 'scripts', 'soak.mjs');
  cpSync(program, copy);
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  const env = { ...process.env, FOLDER: folder, PATH: `${folder}${delimiter}${process.env['PATH']}` };
  const child = spawn(process.execPath, [copy, '--runs', '3'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  const ended = once(child, 'close');
  if (meanwhile !== undefined) {
    await meanwhile(folder);
    child.kill('SIGTERM');
  }
  const [code] = await ended;
  return { code: code as unknown, runs: told.match(/^run \d.*$/gm) ?? [] };
}

test('a run that fails is followed by the next', async () => {
  const runs = Array.from({ length: 3 }, () => expect.stringMatching(/exit 1$/));
  expect(await soak('exit 1')).toEqual({ code: 1, runs });
});

test.each([
  ['kill -TERM $$', 'SIGTERM'],
  ['exit 137', 'signal 9'],
])('a run that is killed is the last: %s', async (npm, by) => {
  expect(await soak(npm)).toEqual({ code: 1, runs: [expect.stringContaining(`killed by ${by}`)] });
});

test('what a run has started ends with the soak', async () => {
  let pid = 0;
  const started = async (folder: string): Promise<void> => {
    const file = join(folder, 'pid');
    await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), { timeout: 10_000 });
    pid = Number(readFileSync(file, 'utf8'));
  };
  const { runs } = await soak('sleep 60 & echo $! >"$FOLDER/pid"; wait', started);
  expect(runs).toEqual([expect.stringContaining('killed by SIGTERM')]);
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
});
