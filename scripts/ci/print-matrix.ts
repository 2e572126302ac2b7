// Prints the matrix of the conformance job; in a workflow, gives it to the jobs that follow.
import { appendFileSync } from 'node:fs';
import { run } from '../run.ts';
import { root } from '../workspace.ts';
import { matrixOf } from './matrix.ts';

const listed = await run(process.execPath, ['scripts/built.mjs', 'conformance/dist/cli.js', '--list'], { cwd: root });
const matrix = matrixOf(listed.split('\n').filter(Boolean));
const output = process.env['GITHUB_OUTPUT'];
if (output !== undefined) appendFileSync(output, `matrix=${JSON.stringify(matrix)}\n`);
for (const { driver, target } of matrix.include) console.log(`${driver} ${target}`);
