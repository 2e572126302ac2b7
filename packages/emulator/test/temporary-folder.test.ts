import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTemporaryFolder } from '../src/temporary-folder.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'folder-test-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const emulator = new URL('../dist/index.js', import.meta.url).href;
const program = (then: string): string =>
  `const { startEntra } = await import('${emulator}'); const entra = await startEntra(); console.log(entra.cli.path); ${then}`;
const node = ['--input-type=module', '--eval'] as const;

test('a folder is gone when it is removed', async () => {
  const folder = await createTemporaryFolder(parent);
  expect(existsSync(folder.path)).toBe(true);
  await folder.remove();
  expect(await readdir(parent)).toEqual([]);
});

test('the folders of dead processes are removed, those of living ones and of others stay', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const stay = [`entra-redis-${process.ppid}-abcdef`, 'entra-redis-notes', `entra-redis-${dead}-abcdef.bak`];
  for (const name of [...stay, `entra-redis-${dead}-abcdef`]) {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'az'), '');
  }
  const folder = await createTemporaryFolder(parent);
  await folder.remove();
  expect((await readdir(parent)).toSorted()).toEqual(stay.toSorted());
});

test('a process that exits without closing leaves nothing', () => {
  const { stdout } = spawnSync(process.execPath, [...node, program('process.exit(0);')], {
    env: { ...process.env, TMPDIR: parent },
    encoding: 'utf8',
  });
  const folder = stdout.split(':')[0] ?? '';
  expect(dirname(folder)).toBe(parent);
  expect(existsSync(folder)).toBe(false);
});

test('what a killed process leaves, the next one removes', async () => {
  const env = { ...process.env, TMPDIR: parent };
  const child = spawn(process.execPath, [...node, program('')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  expect(await readdir(parent)).toHaveLength(1);
  spawnSync(process.execPath, [...node, program('await entra.close();')], { env });
  expect(await readdir(parent)).toEqual([]);
});
