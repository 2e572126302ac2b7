import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@entra-redis/test-support';
import { beforeEach, expect, test } from 'vitest';

let parent = '';
beforeEach(async () => {
  parent = await temporaryFolder();
});

const emulator = new URL('../dist/index.js', import.meta.url).href;
const program = (then: string): string[] => [
  ...['--input-type=module', '--eval'],
  `const { startEntra } = await import('${emulator}'); const entra = await startEntra(); ${then}`,
];
const surroundings = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: parent });

test('a folder is made when the PATH of the fake az is asked for, and is gone when Entra is closed', () => {
  const look = `import { readdirSync } from 'node:fs';
    const look = () => console.log(readdirSync(${JSON.stringify(parent)}).length);
    look(); void entra.cli.path; void entra.cli.path; look(); await entra.close(); look();`;
  const { stdout } = spawnSync(process.execPath, program(look), { env: surroundings(), encoding: 'utf8' });
  expect(stdout).toBe('0\n1\n0\n');
});

test('a process that exits without closing leaves nothing', () => {
  const { stdout } = spawnSync(process.execPath, program('console.log(entra.cli.path); process.exit(0);'), {
    env: surroundings(),
    encoding: 'utf8',
  });
  const folder = stdout.split(':')[0] ?? '';
  expect(dirname(folder)).toBe(parent);
  expect(existsSync(folder)).toBe(false);
});

test('folders of others stay, whatever their names and whether their processes live', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const names = [`entra-redis-${dead}-abcdef`, `entra-redis-${process.ppid}-abcdef`, 'entra-redis-abcdef'];
  for (const name of names) {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'ca.pem'), '');
  }
  const child = spawn(process.execPath, program('console.log(entra.cli.path);'), {
    env: surroundings(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  const killed = (await readdir(parent)).filter((name) => !names.includes(name));
  expect(killed).toHaveLength(1);
  spawnSync(process.execPath, program('void entra.cli.path; process.exit(0);'), { env: surroundings() });
  expect((await readdir(parent)).toSorted()).toEqual([...names, ...killed].toSorted());
});
