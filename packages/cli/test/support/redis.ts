import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real one, which the tests' set-up has found. */
export async function startRedis(): Promise<AsyncDisposable & { port: number }> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-cli-'));
  const config = join(folder, 'redis.conf');
  await writeFile(config, `port ${port}\nbind 127.0.0.1\nsave ""\ndir ${folder}\n`);
  const child = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', [config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (/Ready to accept connections/.test(chunk.toString())) resolve();
    });
  });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}
