import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CouldNotRun } from '../figures/could-not-run.ts';
import type { SampleName, SampleOptions } from '../samples/index.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./sample.js', import.meta.url));

/** Code that V8 writes at run time is translated again when it changes. */
const valgrind = ['--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null', '--smc-check=all-non-file'];

/** Compiled as in production, but in the one thread, and with the same hashes each time: when it is compiled is then no matter of chance. */
const node = ['--single-threaded', '--hash-seed=1', '--random-seed=1', '--expose-gc', '--no-warnings'];

/** The instructions of the process that takes a sample, from its start to its end. Rejects with CouldNotRun where there is no valgrind. */
export async function instructionsOf<Name extends SampleName>(
  name: Name,
  options: SampleOptions<Name>,
): Promise<number> {
  const args = [...valgrind, process.execPath, ...node, program, name, JSON.stringify(options)];
  try {
    return instructionsIn((await run('valgrind', args)).stderr);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
    throw new CouldNotRun('valgrind is not installed: apt-get install valgrind');
  }
}

/** What cachegrind says at the end: `==1== I   refs:      1,234`. */
export function instructionsIn(said: string): number {
  const count = /I +refs: +(?<count>[\d,]+)/.exec(said)?.groups?.['count'];
  if (count === undefined) throw new Error(`valgrind told no count: ${said}`);
  return Number(count.replaceAll(',', ''));
}
