import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

export const cli: string = new URL('../../dist/cli.js', import.meta.url).pathname;
const run = promisify(execFile);

export interface Emulator {
  readonly variables: Record<string, string>;
  /** All that it has printed. */
  output(): string;
  /** Resolves when a line like this has been printed. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends a signal and resolves with the exit code. */
  stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface Surroundings {
  /** A command that runs the emulator in place of this process: `unshare`, for one. */
  readonly within?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `entra-redis-emulator` on a free port, ready. It is stopped after the test. */
export async function startEmulator(
  args: readonly string[],
  { within = [], env }: Surroundings = {},
): Promise<Emulator> {
  const [program = '', ...rest] = [...within, process.execPath, cli, '--port', '0', ...args];
  // A signal to a group of its own reaches the emulator through the command that runs it.
  const detached = within.length > 0;
  const child = spawn(program, rest, {
    ...{ stdio: ['ignore', 'pipe', 'inherit'], detached },
    env: { ...process.env, ...env },
  });
  const { output, printed } = watch(child);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stop: Emulator['stop'] = (signal) => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill((detached ? -1 : 1) * (child.pid ?? Number.NaN), signal);
    return exited;
  };
  onTestFinished(async () => void (await stop('SIGTERM')));
  await printed(/Ctrl-C stops it/);
  const variables = Object.fromEntries(
    [...output().matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  return { variables, output, printed, stop };
}

function watch(child: ChildProcess): Pick<Emulator, 'output' | 'printed'> {
  let text = '';
  const looks = new Set<() => void>();
  const look = (): void => {
    for (const each of [...looks]) each();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    look();
  });
  child.once('close', look);
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const see = (): void => {
        const ended = child.exitCode !== null || child.signalCode !== null;
        if (pattern.test(text)) resolve();
        else if (ended) reject(new Error(`the emulator ended without ${pattern}; it printed: ${text}`));
        else return;
        looks.delete(see);
      };
      looks.add(see);
      see();
    });
  return { output: () => text, printed };
}

/**
 * An application that knows nothing but its environment. With HOLD=1 it stays until its connection is cut, and takes another token
 * where a short-lived one expired before the login or the write.
 */
const application = `
  import { DefaultAzureCredential } from '@azure/identity';
  import { createClient } from 'redis';
  const hold = process.env.HOLD === '1';
  async function connected() {
    const { token } = await new DefaultAzureCredential().getToken('https://redis.azure.com/.default');
    const { oid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
    const socket = { host, port: Number(port), tls: process.env.REDIS_TLS === '1', reconnectStrategy: false };
    const client = createClient({ username: oid, password: token, socket });
    const cut = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    console.log(await client.set('key', 'value'));
    return { client, cut };
  }
  const attempt = (left) => connected().catch((error) => {
    if (left === 0) throw error;
    return attempt(left - 1);
  });
  const { client, cut } = await attempt(hold ? 20 : 0);
  if (hold) await cut;
  client.destroy();
`;

/** Runs a program that logs in and writes, until it ends. */
export const runApplication = (variables: Readonly<Record<string, string>>): Promise<{ stdout: string }> =>
  run(process.execPath, ['--input-type=module', '--eval', application], {
    cwd: new URL('../..', import.meta.url),
    env: { PATH: process.env['PATH'] ?? '', ...variables },
  });
