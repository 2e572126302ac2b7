import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { normalize } from './doctor.ts';

export const bin: string = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** No credential of the developer's own machine, and no address but loopback. */
const quiet = { PATH: '/nonexistent', AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1', HOME: '/nonexistent' };

/** Runs the built command to its end. */
export async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env: { ...quiet, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

export interface Emulator extends AsyncDisposable {
  /** What it printed as exports. */
  readonly exported: Readonly<Record<string, string>>;
  /** The same without its choice of a credential. */
  readonly variables: Readonly<Record<string, string>>;
  output(): string;
  printed(pattern: RegExp): Promise<void>;
}

/** `entra-redis emulate`, ready. */
export async function startEmulator(...args: readonly string[]): Promise<Emulator> {
  const child = spawn(process.execPath, [bin, 'emulate', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const looks = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of [...looks]) look();
  });
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  await printed(/Ctrl-C stops it/);
  const exported = Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value = '']) => [name, value]),
  );
  // The whole chain of DefaultAzureCredential, instead of the one credential that the emulator picks.
  const { AZURE_TOKEN_CREDENTIALS: _picked, ...variables } = exported;
  return { exported, variables, output: () => text, printed, [Symbol.asyncDispose]: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}

const guids = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;
/** Without what differs from run to run. */
export const tidy = (text: string): string =>
  normalize(text)
    .replaceAll(guids, '<guid>')
    .replaceAll(/CLIENT ID \d+/g, 'CLIENT ID <n>')
    .replaceAll(/[\da-f]{24}/g, '<random>')
    .replaceAll(/in \d+ (ms|s)\./g, 'in <duration>.');

/** The words of the step that failed. */
export const failure = (text: string): string => /^✗[\s\S]*?(?=\n·|\n\n)/m.exec(tidy(text))?.[0] ?? text;
