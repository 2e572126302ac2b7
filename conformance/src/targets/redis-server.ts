import { constants } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsIdentity } from '@entra-redis/emulator';
import { connectAdmin } from './admin.ts';
import { startProcess } from './server-process.ts';

export interface RedisServerOptions {
  /** More command line arguments. */
  args?: readonly string[];
  /** Run as a node of a cluster. */
  cluster?: true;
  /** Speak TLS, with this identity, instead of plain text. */
  tls?: TlsIdentity;
  /** Run as a sentinel, with this configuration. */
  sentinelConfig?: string;
  /** Lines of a configuration file, which CONFIG REWRITE changes and a restart reads again. */
  config?: string;
  /** The program. Default: the variable REDIS_SERVER. */
  program?: string;
  /** Loopback address to listen on. Default 127.0.0.1. */
  host?: string;
}

/** A real server of its own process, on loopback, with its data in a temporary folder. */
export interface RedisServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `cluster`: where the nodes talk to each other. */
  readonly busPort?: number;
  /** What a client needs to trust it. */
  readonly tls?: { readonly ca: string; readonly servername: string };
  /** `7.0.15`. */
  readonly version: string;
  readonly pid: number;
  /** Stops the process where it stands; connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Kills it. `restart` starts it again. */
  kill(): Promise<void>;
  /** Kills it where it runs, and starts it on the same port, without its data. Resolves when it answers. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  close(): Promise<void>;
}

const startTimeoutMs = 15_000;
/** Between picking a free port and listening on it, somebody else may take it. */
const attempts = 5;

/**
 * Starts a redis-server that answers PING and keeps nothing on disk. It ends with `close`, and with this process however that ends.
 * Rejects with a sentence that says what to do where there is no redis-server or it does not start.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = await findProgram(options.program);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(program, options);
    } catch (error) {
      const taken = error instanceof Error && /address already in use/i.test(error.message);
      if (!taken || attempt === attempts) throw error;
    }
  }
}

async function findProgram(given: string | undefined): Promise<string> {
  const program = given ?? process.env['REDIS_SERVER'];
  if (program === undefined || program === '') {
    throw new Error('No redis-server: set REDIS_SERVER to the path of one, Redis 7 or newer.');
  }
  await access(program, constants.X_OK).catch((cause: unknown) => {
    throw new Error(`No redis-server: ${program} is no program that may run. Set REDIS_SERVER to the path of one.`, {
      cause,
    });
  });
  return program;
}

async function startOnce(program: string, options: RedisServerOptions): Promise<RedisServer> {
  const host = options.host ?? '127.0.0.1';
  const port = await freePort(host);
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-server-'));
  const busPort = options.cluster === true ? await freePort(host) : undefined;
  const args = [...(await writeArguments(folder, host, port, options)), ...clusterArguments(busPort)];
  const tls = options.tls && { ca: options.tls.ca, servername: 'localhost' };
  const address = { host, port, ...(tls && { tls }) };
  let running = await startProcess({ program, args, folder });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= running.kill().then(() => rm(folder, { recursive: true, force: true }));
    return closing;
  };
  const untilUp = async (): Promise<string> => {
    try {
      return await untilItAnswers(address, running.exited);
    } catch (cause) {
      await close();
      throw new Error(`${program} did not start on port ${port}: ${running.output() || String(cause)}`, { cause });
    }
  };
  return {
    ...address,
    ...(busPort !== undefined && { busPort }),
    version: await untilUp(),
    get pid() {
      return running.pid;
    },
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    kill: () => running.kill(),
    restart: async () => {
      await running.kill();
      if (closing !== undefined) return;
      running = await startProcess({ program, args, folder });
      await untilUp();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function clusterArguments(busPort: number | undefined): readonly string[] {
  if (busPort === undefined) return [];
  return ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-port', String(busPort)];
}

async function writeArguments(
  folder: string,
  host: string,
  port: number,
  options: RedisServerOptions,
): Promise<readonly string[]> {
  const { tls, sentinelConfig, config } = options;
  const common = ['--bind', host, '--dir', folder, '--protected-mode', 'no', ...(options.args ?? [])];
  if (sentinelConfig !== undefined) {
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, sentinelConfig);
    return [file, '--sentinel', '--port', String(port), ...common];
  }
  const file = join(folder, 'redis.conf');
  await writeFile(file, config ?? '');
  const keepNothing = ['--save', '', '--appendonly', 'no'];
  if (tls === undefined) return [file, '--port', String(port), ...keepNothing, ...common];
  const files = { key: join(folder, 'tls.key'), cert: join(folder, 'tls.crt'), ca: join(folder, 'ca.crt') };
  for (const part of ['key', 'cert', 'ca'] as const) await writeFile(files[part], tls[part], { mode: 0o600 });
  const trust = ['--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-ca-cert-file', files.ca];
  return [
    ...[file, '--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...[...trust, ...keepNothing, ...common],
  ];
}

/** The version, as soon as the server answers. */
async function untilItAnswers(
  server: Pick<RedisServer, 'host' | 'port' | 'tls'>,
  exited: Promise<void>,
): Promise<string> {
  const admin = connectAdmin(server, { retryDelayMs: 20 });
  let timer: NodeJS.Timeout | undefined;
  const refused = Promise.race([
    exited.then(() => Promise.reject(new Error('it ended at once'))),
    new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${startTimeoutMs} ms`)), startTimeoutMs);
    }),
  ]);
  try {
    await Promise.race([admin.ping(), refused]);
    const info = await admin.info('server');
    return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  } finally {
    clearTimeout(timer);
    refused.catch(() => undefined);
    admin.disconnect();
  }
}

/** A port that nobody listens on, low enough for the cluster bus beside it. */
async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error(`no free port on ${host}`);
  return address.port;
}
