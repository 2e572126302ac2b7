import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runApplication, startEmulator } from './command/support.ts';

let parent = '';
let env: Record<string, string>;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'folder-test-'));
  env = { TMPDIR: parent };
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const emulator = new URL('../dist/index.js', import.meta.url).href;
const program = (then: string): string[] => [
  ...['--input-type=module', '--eval'],
  `const { startEntra } = await import('${emulator}'); const entra = await startEntra(); ${then}`,
];
const surroundings = (): NodeJS.ProcessEnv => ({ ...process.env, ...env });

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
  const next = await startEmulator([], { env });
  expect(await next.stop('SIGINT')).toBe(0);
  expect((await readdir(parent)).toSorted()).toEqual([...names, ...killed].toSorted());
});

const unshare = ['unshare', '--pid', '--fork', '--mount-proc'];

test('two emulators in separate process namespaces, which share a temporary directory, leave each other alone', async ({
  skip,
}) => {
  const within = [unshare, [...unshare, '--user', '--map-root-user']].find(
    ([command = '', ...flags]) => spawnSync(command, [...flags, 'true']).status === 0,
  );
  if (within === undefined) {
    const why =
      'NOT TESTED: neighbours in another process namespace: `unshare` (Linux) is missing, or not permitted here.';
    console.warn(why);
    return skip(why);
  }
  const here = await startEmulator(['--tls'], { env });
  // Each starts where it cannot see the process of the one before.
  const there = await startEmulator(['--tls'], { env, within });
  const third = await startEmulator([], { env });
  expect(await third.stop('SIGTERM')).toBe(0);
  for (const { variables } of [here, there])
    expect((await runApplication({ ...variables, REDIS_TLS: '1' })).stdout).toBe('OK\n');
  expect([await here.stop('SIGINT'), await there.stop('SIGINT')]).toEqual([0, 0]);
  expect(await readdir(parent)).toEqual([]);
});
