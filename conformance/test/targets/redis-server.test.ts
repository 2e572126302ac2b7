import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { withAdmin } from '../../src/targets/admin.ts';
import { startRedisServer } from '../../src/targets/redis-server.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startRedisServer', () => {
  test('starts a server that answers, tells its version, and is gone after close', async () => {
    const server = await startRedisServer();
    expect(server.host).toBe('127.0.0.1');
    expect(server.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(await withAdmin(server, (admin) => admin.set('key', 'value'))).toBe('OK');
    expect(isAlive(server.pid)).toBe(true);
    await server.close();
    await server.close();
    expect(isAlive(server.pid)).toBe(false);
  });

  test('a restart keeps the port and takes the data; kill alone leaves nobody there', async () => {
    await using server = await startRedisServer({ config: 'databases 3\n' });
    const before = server.pid;
    await withAdmin(server, (admin) => admin.set('key', 'value'));
    await server.kill();
    await expect(withAdmin(server, (admin) => admin.ping())).rejects.toThrow('Connection is closed');
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await withAdmin(server, (admin) => admin.get('key'))).toBe(null);
    expect(await withAdmin(server, (admin) => admin.config('GET', 'databases'))).toEqual(['databases', '3']);
  });

  test('a paused server answers when it is resumed', async () => {
    await using server = await startRedisServer();
    await withAdmin(server, async (admin) => {
      await admin.ping();
      server.pause();
      const order: string[] = [];
      const answered = admin.ping().then((answer) => order.push(answer));
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
    expect(await withAdmin(server, (admin) => admin.config('GET', 'databases'))).toEqual(['databases', '3']);
  });

  test('without REDIS_SERVER a sentence says what to set', async () => {
    vi.stubEnv('REDIS_SERVER', '');
    await expect(startRedisServer()).rejects.toThrow('No redis-server: set REDIS_SERVER');
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

  test('the server dies with its parent, even when that is killed, and its data go', async () => {
    const program = `
      const { startRedisServer } = await import(${JSON.stringify(fileURLToPath(new URL('../../src/targets/redis-server.ts', import.meta.url)))});
      const server = await startRedisServer();
      process.stdout.write(server.pid + ' ' + server.port);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const [pid = 0, port = 0] = chunk.toString().split(' ').map(Number);
    expect(isAlive(pid)).toBe(true);
    const [, folder = ''] = (await withAdmin({ host: '127.0.0.1', port }, (admin) => admin.config('GET', 'dir'))) ?? [];
    expect(existsSync(folder)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid) || existsSync(folder), { timeout: 10_000 }).toBe(false);
  });
});
