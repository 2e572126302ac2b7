import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { heapUsed } from './reauthentication.ts';

export interface EvaluationOptions {
  /** Of a package. */
  readonly name: string;
  readonly evaluations: number;
}

/** As Jest does with each test file, or a server that reloads its code: the files of the package alone are loaded again. */
function evaluate(name: string): void {
  // A new one each time: it keeps all that it has loaded.
  const load = createRequire(import.meta.url);
  const folder = dirname(load.resolve(`${name}/package.json`)) + sep;
  for (const file of Object.keys(load.cache)) if (file.startsWith(folder)) delete load.cache[file];
  load(name);
}

/** Bytes of heap that each evaluation of a package leaves behind. */
export async function heapOfEvaluations({ name, evaluations }: EvaluationOptions): Promise<number> {
  // What is made once, and what is compiled, is there before it counts.
  for (let i = 0; i < 5; i += 1) evaluate(name);
  await new Promise(setImmediate);
  const before = heapUsed();
  for (let i = 0; i < evaluations; i += 1) evaluate(name);
  await new Promise(setImmediate);
  return (heapUsed() - before) / evaluations;
}
