import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

export const bin: string = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const run = promisify(execFile);

export interface Emulator {
  readonly pid: number;
  /** What it printed as exports. */
  readonly exported: Readonly<Record<string, string>>;
  /** All that it has told people. */
  output(): string;
  /** Resolves when a line like this has been told. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends a signal and resolves with the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code when it has ended. */
  readonly ended: Promise<number | null>;
}

export interface Surroundings {
  /** A command that runs the emulator in place of this process: `unshare`, for one. */
  readonly within?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `entra-redis emulate` on a free port, ready. Whoever starts it stops it. */
export async function launchEmulator(
  args: readonly string[],
  { within = [], env }: Surroundings = {},
): Promise<Emulator> {
  const [program = '', ...rest] = [...within, process.execPath, bin, 'emulate', '--port', '0', ...args];
  // A signal to a group of its own reaches the emulator through the command that runs it.
  const detached = within.length > 0;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached, env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stop: Emulator['stop'] = (signal) => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill((detached ? -1 : 1) * (child.pid ?? Number.NaN), signal);
    return ended;
  };
  const { output, printed } = watch(child, 'stderr');
  const shown = watch(child, 'stdout');
  await shown.printed(/^export AZURE_REDIS_ENDPOINT=.*\n/m).catch((error: Error) => {
    throw new Error(`${error.message}; ${output()}`);
  });
  return { pid: child.pid ?? 0, exported: exportsIn(shown.output()), output, printed, stop, ended };
}

/** The same, stopped after the test. */
export async function startEmulator(args: readonly string[], surroundings: Surroundings = {}): Promise<Emulator> {
  const emulator = await launchEmulator(args, surroundings);
  onTestFinished(async () => void (await emulator.stop('SIGTERM')));
  return emulator;
}

/** What `export NAME=value` says, line by line. */
export const exportsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value = '']) => [name, value]));

function watch(child: ChildProcess, stream: 'stdout' | 'stderr'): Pick<Emulator, 'output' | 'printed'> {
  let text = '';
  const looks = new Set<() => void>();
  const look = (): void => {
    for (const each of [...looks]) each();
  };
  child[stream]?.on('data', (chunk: Buffer) => {
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

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `entra-redis emulate`, run to its end. */
export const emulate = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runBin(['emulate', ...args], { ...process.env, ...env });

/** The built command, run to its end. */
export async function runBin(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/**
 * An application that knows nothing but its environment. With SCRIPT=1 it runs a script, too, and with FETCH it asks a URL. With HOLD=1 it stays until its connection is cut, and takes another token
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
    if (process.env.SCRIPT === '1') console.log(await client.eval('return 1'));
    if (process.env.FETCH) console.log((await fetch(process.env.FETCH)).status);
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

/** One on a cluster: scripts whose keys spread over the nodes, and where the first node says that one of them is. */
const clusterApplication = `
  import { DefaultAzureCredential } from '@azure/identity';
  import { Cluster, Redis } from 'ioredis';
  const { token: password } = await new DefaultAzureCredential().getToken('https://redis.azure.com/.default');
  const { oid: username } = JSON.parse(Buffer.from(password.split('.')[1], 'base64url'));
  const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
  const options = { username, password, ...(process.env.REDIS_TLS === '1' && { tls: {} }) };
  const cluster = new Cluster([{ host, port }], { redisOptions: options, dnsLookup: (name, done) => done(null, name) });
  cluster.on('error', () => {});
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
  const results = await Promise.all(keys.map((key) => cluster.eval("return redis.call('incr', KEYS[1])", 1, key)));
  console.log(results.join(), cluster.nodes('master').length);
  const first = new Redis({ ...options, host, port });
  const moved = await Promise.all(keys.map((key) => first.get(key).catch((error) => error.message.split(' ')[2])));
  const nodes = cluster.nodes('master').map((node) => node.options.host + ':' + node.options.port);
  console.log(moved.filter((each) => each !== '1').every((each) => nodes.includes(each)), moved.includes('1'));
  first.disconnect();
  cluster.disconnect();
`;

/** Runs a program that logs in and writes, until it ends. */
export const runApplication = (variables: Readonly<Record<string, string>>): Promise<{ stdout: string }> =>
  runProgram(application, variables);

/** The same on a cluster. */
export const runOnCluster = (variables: Readonly<Record<string, string>>): Promise<{ stdout: string }> =>
  runProgram(clusterApplication, variables);

export const runProgram = (program: string, variables: Readonly<Record<string, string>>): Promise<{ stdout: string }> =>
  run(process.execPath, ['--input-type=module', '--eval', program], {
    // The emulator has the client.
    cwd: new URL('../../../emulator', import.meta.url),
    env: { PATH: process.env['PATH'] ?? '', ...variables },
  });
