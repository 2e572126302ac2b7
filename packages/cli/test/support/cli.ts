import { normalize } from './doctor.ts';
import { launchEmulator, type Ran, runBin } from './emulator.ts';

/** No credential of the developer's own machine, and no address but loopback. */
const quiet = { PATH: '/nonexistent', AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1', HOME: '/nonexistent' };

export const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runBin(args, { ...quiet, ...env });

export interface Emulator extends AsyncDisposable {
  /** What it printed as exports. */
  readonly exported: Readonly<Record<string, string>>;
  /** The same without its choice of a credential. */
  readonly variables: Readonly<Record<string, string>>;
  output(): string;
  printed(pattern: RegExp): Promise<void>;
}

/** `entra-redis emulate`, ready; the fake, unless the arguments name another cache. */
export async function startEmulator(...args: readonly string[]): Promise<Emulator> {
  const emulator = await launchEmulator(args.includes('--upstream') ? args : ['--cache', 'fake', ...args]);
  // The whole chain of DefaultAzureCredential, instead of the one credential that the emulator picks.
  const { AZURE_TOKEN_CREDENTIALS: _picked, ...variables } = emulator.exported;
  return { ...emulator, variables, [Symbol.asyncDispose]: async () => void (await emulator.stop('SIGINT')) };
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
