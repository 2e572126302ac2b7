import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
/** Node's own remarks (type stripping is experimental in 22) are no failures of the application. */
const remark = /^\(node:\d+\) ExperimentalWarning|^\(Use `node --trace-warnings/;

export const folderOf = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}/`, import.meta.url));

/** An example as its own process, started as a user would. */
export interface Application {
  readonly url: string;
  /** What it complained of so far. */
  readonly complaints: readonly string[];
  /** Set when it has ended, by itself or not. */
  readonly exitCode: number | string | undefined;
  /** Asks it to end, as an orchestrator does, and waits for it. It is killed where it does not end by itself. */
  stop(): Promise<void>;
}

/** Without what the developer's own machine says about identities. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(AZURE_|IDENTITY_|MSI_|OTEL_|NODE_ENV$|NODE_EXTRA_CA_CERTS$|VITEST|PORT$|HOST$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Grows while the program complains. */
function complaintsOf(stderr: Readable, tell: (line: string) => void): string[] {
  const complaints: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => {
    if (line.trim() === '' || remark.test(line)) return;
    complaints.push(line);
    tell(line);
  });
  return complaints;
}

/** Where the program says that it listens. */
function portOf(stdout: Readable, tell: (line: string) => void): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      tell(line);
      const [, port] = /^Listening on .*\b(\d+)\D*$/.exec(line) ?? [];
      if (port !== undefined) resolve(port);
    });
  });
}

export async function startApplication(
  folder: string,
  env: Readonly<Record<string, string>>,
  tell: (line: string) => void = () => undefined,
  args: readonly string[] = [],
  /** Arguments of Node that run the program, in place of the program. */
  runner: readonly string[] = [],
): Promise<Application> {
  const child = spawn(process.execPath, [...runner, 'src/main.ts', ...args], {
    cwd: folder,
    env: { ...cleanEnvironment(), ...env, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is ours to pass on.
    detached: true,
  });
  const complaints = complaintsOf(child.stderr, tell);
  let exitCode: number | string | undefined;
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      exitCode = code ?? signal ?? 'unknown';
      process.off('exit', kill);
      resolve();
    });
  });
  const within = async (limitMs: number, what: Promise<unknown>): Promise<void> => {
    const timer = setTimeout(kill, limitMs);
    await Promise.race([what, exited]);
    clearTimeout(timer);
  };
  let url: string | undefined;
  const listening = portOf(child.stdout, tell).then((port) => {
    url = `http://127.0.0.1:${port}`;
  });
  await within(startTimeoutMs, listening);
  if (url === undefined) throw new Error(`${folder} did not start (${exitCode}):\n${complaints.join('\n')}`);
  return {
    url,
    complaints,
    get exitCode() {
      return exitCode;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await within(stopTimeoutMs, exited);
      await exited;
    },
  };
}
