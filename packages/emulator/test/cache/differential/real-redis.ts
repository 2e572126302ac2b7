import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RealRedis {
  readonly port: number;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** A sentinel that watches the master `main`. */
export function startRealSentinel(masterPort: number): Promise<RealRedis> {
  return start((directory) => {
    const config = join(directory, 'sentinel.conf');
    const lines = [`sentinel monitor main 127.0.0.1 ${masterPort} 1`, 'sentinel auth-pass main secret', ''];
    writeFileSync(config, lines.join('\n'));
    return [config, '--sentinel'];
  });
}

/** Starts the redis-server that REDIS_SERVER names, or the one on PATH. Rejects, saying what to install, when there is none. */
export function startRealRedis(args: readonly string[] = []): Promise<RealRedis> {
  return start(() => ['--save', '', '--appendonly', 'no', ...args]);
}

async function start(argsFor: (directory: string) => readonly string[]): Promise<RealRedis> {
  const command = process.env['REDIS_SERVER'] ?? 'redis-server';
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'redis-'));
  const args = [...argsFor(directory), '--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    await ready(child, command);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function ready(child: ChildProcess, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (/Ready to accept connections|\+monitor master/.test(log)) resolve();
    });
    child.once('error', (cause) => {
      const hint = 'install Redis 7.0 (Debian: apt-get install redis-server) or set REDIS_SERVER to its path';
      reject(
        new Error(`the differential tests need a redis-server, and "${command}" could not be started: ${hint}`, {
          cause,
        }),
      );
    });
    child.once('exit', (code) => reject(new Error(`"${command}" ended with ${code}: ${log}`)));
  });
}
