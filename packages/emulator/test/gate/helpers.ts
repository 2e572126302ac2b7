import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsIdentity } from '../../src/types.ts';

export interface RealRedis extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** The real redis-server that the tests' set-up provides, with nothing on disk. Resolves when it accepts connections. */
export async function startRealRedis(args: readonly string[] = [], tls?: TlsIdentity): Promise<RealRedis> {
  const program = process.env['REDIS_SERVER'];
  if (program === undefined) throw new Error('REDIS_SERVER is not set: scripts/redis-server.mjs sets it');
  const [host, port] = ['127.0.0.1', await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'gate-test-'));
  const listen = tls === undefined ? ['--port', String(port)] : await tlsOptions(folder, port, tls);
  const options = [...listen, '--bind', host, '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn(program, [...options, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${text}`)));
  });
  return {
    host,
    port,
    async [Symbol.asyncDispose]() {
      process.off('exit', kill);
      kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function tlsOptions(folder: string, port: number, tls: TlsIdentity): Promise<string[]> {
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const trust = ['--tls-cert-file', await file('crt', tls.cert), '--tls-key-file', await file('key', tls.key)];
  const own = ['--tls-ca-cert-file', await file('ca', tls.ca), '--tls-auth-clients', 'no'];
  return ['--port', '0', '--tls-port', String(port), ...trust, ...own];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}
