import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '@entra-redis/examples/emulator';
import { loginLines, type Rotations, rotationsIn } from '@entra-redis/examples/rotations';
import type { Outcome } from './outcome.ts';

export interface Limits {
  readonly lifetimeMs: number;
  readonly seconds: number;
}

export interface Report extends Rotations {
  readonly steps: number;
  /** What went wrong, in words; empty where nothing did. */
  readonly failures: readonly string[];
  /** For whoever looks for the cause of one. */
  readonly logins: string;
}

const program = fileURLToPath(new URL('./program.ts', import.meta.url));
const endsWithinMs = 20_000;

/** Runs one library for so long on a real Redis that takes tokens of a local Entra alone, then asks its program to end. */
export async function runLibrary(name: string, { lifetimeMs, seconds }: Limits): Promise<Report> {
  const emulator = await startEmulator('redis-standalone', lifetimeMs);
  const child = fork(program, [name, String(seconds)], {
    env: { ...cleanEnvironment(), ...emulator.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  try {
    const { steps, failures } = await outcomeOf(child, () => stderr);
    const seen = rotationsIn(emulator.target.timeline);
    const code = await end(child);
    const faults = [...new Set(failures), ...faultsOf(steps, seen, code, stderr)];
    return { ...seen, steps, failures: faults, logins: loginLines(emulator.target.timeline) };
  } finally {
    child.kill('SIGKILL');
    await emulator.close();
  }
}

/** Without what the developer's own machine says about identities. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AZURE_|IDENTITY_|MSI_)/.test(name)));
}

async function outcomeOf(child: ChildProcess, stderr: () => string): Promise<Outcome> {
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The program ended with ${code} before it was asked to:\n${stderr()}`);
  });
  const told = once(child, 'message').then(([outcome]) => outcome as Outcome);
  return await Promise.race([told, exited]);
}

async function end(child: ChildProcess): Promise<unknown> {
  const exited = once(child, 'exit');
  child.send('end');
  const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  const [code, signal] = await exited;
  clearTimeout(timer);
  return code ?? signal;
}

function faultsOf(steps: number, seen: Rotations, code: unknown, stderr: string): string[] {
  const found: string[] = [];
  if (steps === 0) found.push('Nothing was done.');
  if (seen.rotations === 0) found.push('A connection did not log in again.');
  if (seen.expired > 0) found.push(`${seen.expired} connections were closed because their token had expired.`);
  if (seen.repeated > 0) found.push(`${seen.repeated} logins were with a token that the connection had already.`);
  if (code !== 0) found.push(`The program ended with ${String(code)} instead of exit code 0:\n${stderr}`);
  return found;
}
