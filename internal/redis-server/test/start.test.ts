import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive } from '@entra-redis/test-support';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findRedisProgram, startRedisServer } from '../src/index.ts';
import { asked } from './support.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('starts a server that answers, tells its version, and is gone after close, with its folder', async () => {
  const server = await startRedisServer();
  expect(server.host).toBe('127.0.0.1');
  expect(server.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(await asked(server, (client) => client.set('key', 'value'))).toBe('OK');
  const [, folder = ''] = await asked(server, (client) => client.config('GET', 'dir'));
  expect([isAlive(server.pid), existsSync(folder)]).toEqual([true, true]);
  await server.close();
  await server.close();
  expect([isAlive(server.pid), existsSync(folder)]).toEqual([false, false]);
});

test('a restart keeps the port and takes the data; kill alone leaves nobody there', async () => {
  await using server = await startRedisServer({ config: 'databases 3\n' });
  const before = server.pid;
  await asked(server, (client) => client.set('key', 'value'));
  await server.kill();
  await expect(asked(server, (client) => client.ping())).rejects.toThrow('Connection is closed');
  await server.restart();
  expect(server.pid).not.toBe(before);
  expect(await asked(server, (client) => client.get('key'))).toBe(null);
  expect(await asked(server, (client) => client.config('GET', 'databases'))).toEqual(['databases', '3']);
});

test('a paused server answers when it is resumed', async () => {
  await using server = await startRedisServer();
  await asked(server, async (client) => {
    await client.ping();
    server.pause();
    const order: string[] = [];
    const answered = client.ping().then((answer) => order.push(answer));
    // Meanwhile another one starts and answers.
    await using other = await startRedisServer();
    order.push(`port ${other.port === server.port ? 'shared' : 'free'}`);
    server.resume();
    await answered;
    expect(order).toEqual(['port free', 'PONG']);
  });
});

test('passes arguments on', async () => {
  await using server = await startRedisServer({ args: ['--databases', '3'] });
  expect(await asked(server, (client) => client.config('GET', 'databases'))).toEqual(['databases', '3']);
});

test('a sentinel watches what its configuration names', async () => {
  await using master = await startRedisServer();
  const sentinelConfig = `sentinel monitor main ${master.host} ${master.port} 1\n`;
  await using sentinel = await startRedisServer({ sentinelConfig });
  const address = await asked(sentinel, (client) => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main'));
  expect(address).toEqual([master.host, String(master.port)]);
});

test('a server that is closed while it starts again is gone', async () => {
  const server = await startRedisServer();
  const restarted = server.restart().catch(() => undefined);
  await server.close();
  await restarted;
  expect(isAlive(server.pid)).toBe(false);
});

test('a server that ends by itself is gone', async () => {
  await using server = await startRedisServer();
  process.kill(server.pid, 'SIGTERM');
  await server.gone;
  expect(isAlive(server.pid)).toBe(false);
});

test('a valkey-server on PATH is found where there is no redis-server', async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-path-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(process.env['REDIS_SERVER'] ?? '', join(folder, 'valkey-server'));
  vi.stubEnv('REDIS_SERVER', '');
  vi.stubEnv('PATH', folder);
  expect(findRedisProgram()).toBe(join(folder, 'valkey-server'));
});

test('a REDIS_SERVER named from this folder starts, although each server runs in a folder of its own', async () => {
  vi.stubEnv('REDIS_SERVER', relative(process.cwd(), process.env['REDIS_SERVER'] ?? ''));
  const server = await startRedisServer();
  expect(isAlive(server.pid)).toBe(true);
  await server.close();
});

describe('without a server that runs', () => {
  test('a sentence says what to install or to set', async () => {
    vi.stubEnv('REDIS_SERVER', '');
    vi.stubEnv('PATH', '');
    await expect(startRedisServer()).rejects.toThrow(/^No redis-server: install Redis 7 .* or set REDIS_SERVER/);
  });

  test('a REDIS_SERVER that is no program is named', async () => {
    vi.stubEnv('REDIS_SERVER', '/nowhere/redis-server');
    await expect(startRedisServer()).rejects.toThrow('No redis-server: /nowhere/redis-server is no program');
  });

  test('a server that does not start says why', async () => {
    await expect(startRedisServer({ args: ['--no-such-option', '1'] })).rejects.toThrow(
      /did not start.*no-such-option/is,
    );
  });
});

test('the server ends with its parent, even when that is killed, and its data go', async () => {
  const program = `
    const { startRedisServer } = await import(${JSON.stringify(fileURLToPath(new URL('../src/index.ts', import.meta.url)))});
    const server = await startRedisServer();
    process.stdout.write(server.pid + ' ' + server.port);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  const [pid = 0, port = 0] = chunk.toString().split(' ').map(Number);
  expect(isAlive(pid)).toBe(true);
  const host = '127.0.0.1';
  const [, folder = ''] = await asked({ host, port }, (client) => client.config('GET', 'dir'));
  expect(existsSync(folder)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid) || existsSync(folder), { timeout: 10_000 }).toBe(false);
});
