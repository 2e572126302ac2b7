// Prints the drivers and targets of the suite; in a workflow, gives them to the jobs that follow, as a matrix: npm run conformance:matrix
import { appendFileSync } from 'node:fs';
import { run } from '../run.ts';
import { root } from '../workspace.ts';

/**
 * The matrix of a workflow, from the addresses that `npm run conformance -- --list` prints: each driver on each target that a machine of
 * the workflow has.
 */
export function matrixOf(addresses: readonly string[]): { include: { driver: string; target: string }[] } {
  const pairs = new Map<string, { driver: string; target: string }>();
  for (const address of addresses) {
    const [, driver, target] = /\/driver:([^/]+)\/target:([^/]+)\/resp:[23]$/.exec(address) ?? [];
    if (driver === undefined || target === undefined) {
      throw new Error(
        `"${address}" is not the address of a case: correct matrixOf in scripts/ci/conformance-matrix.ts.`,
      );
    }
    if (target === 'azure') continue;
    pairs.set(`${driver} ${target}`, { driver, target });
  }
  // GitHub takes 256 jobs of a matrix.
  if (pairs.size === 0 || pairs.size > 256) throw new Error(`A matrix has 1 to 256 jobs, not ${pairs.size}.`);
  return { include: [...pairs.values()] };
}

async function print(): Promise<void> {
  const program = ['scripts/built.mjs', 'conformance/dist/cli.js', '--list'];
  const listed = await run(process.execPath, program, { cwd: root });
  const matrix = matrixOf(listed.split('\n').filter(Boolean));
  const output = process.env['GITHUB_OUTPUT'];
  if (output !== undefined) appendFileSync(output, `matrix=${JSON.stringify(matrix)}\n`);
  for (const { driver, target } of matrix.include) console.log(`${driver} ${target}`);
}

if (process.argv[1] === import.meta.filename) await print();
