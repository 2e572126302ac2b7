import { spawn } from 'node:child_process';
import { isInstalled } from './install.ts';
import type { ManifestFile, Need } from './manifest.ts';

const probeTimeoutMs = 20_000;

/** What this machine lacks for a driver, in one sentence; undefined where it can run. */
export async function lackOf(file: ManifestFile): Promise<string | undefined> {
  const missing = await missingNeed(file);
  if (missing !== undefined) return missing;
  return isInstalled(file)
    ? undefined
    : `${file.name} is not installed here: run "npm run foreign -- install ${file.name}".`;
}

/** The first need that this machine does not meet, in one sentence. */
export async function missingNeed({ name, folder, manifest }: ManifestFile): Promise<string | undefined> {
  for (const need of manifest.needs) {
    const problem = await problemOf(need, folder);
    if (problem !== undefined) return `${name} needs ${need.what}: ${problem}.`;
  }
  return undefined;
}

async function problemOf({ run, matches }: Need, folder: string): Promise<string | undefined> {
  const words = run.join(' ');
  const output = await outputOf(run, folder).catch((error: Error) => error);
  if (output instanceof Error) return `"${words}" ${output.message}`;
  if (matches === undefined || new RegExp(matches).test(output)) return undefined;
  return `"${words}" says ${JSON.stringify(output.trim().slice(0, 100))}`;
}

function outputOf([program = '', ...args]: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], signal });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(0, 10_000)));
    child.on('error', (error: NodeJS.ErrnoException) => reject(new Error(wordsOf(error), { cause: error })));
    child.on('close', (code, how) =>
      code === 0 ? resolve(output) : reject(new Error(`ended with ${how ?? `exit code ${code}`}`)),
    );
  });
}

function wordsOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'is not there';
  return code === 'ABORT_ERR' ? `did not end within ${probeTimeoutMs} ms` : `did not start: ${message}`;
}
