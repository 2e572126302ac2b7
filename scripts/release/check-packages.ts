// Packs every package as it was built into out/packages, where size-limit weighs them, and looks into it: its files, its manifest.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.ts';
import { tarballProblems } from './inspect.ts';
import { packAll } from './pack-all.ts';

const folder = join(root, 'out', 'packages');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const problems = tarballProblems(root, await packAll(root, folder));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
