import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SampleName, SampleOptions, SampleResult } from '../samples/index.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./sample.js', import.meta.url));

/** Takes one sample in a process of its own: nothing that was measured before has warmed or filled it. */
export async function sampled<Name extends SampleName>(
  name: Name,
  options: SampleOptions<Name>,
): Promise<SampleResult<Name>> {
  const args = ['--expose-gc', '--no-warnings', program, name, JSON.stringify(options)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1024 * 1024 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as SampleResult<Name>;
}
