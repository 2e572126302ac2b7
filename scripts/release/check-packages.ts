// Packs every package as it was built into out/packages, where size-limit weighs them, and looks into it: its files, its manifest.
// With --update, as `npm run package-files` does, writes the lists of files.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.ts';
import { tarballProblems, writeFileList } from './inspect.ts';
import { packAll } from './tarballs.ts';

const folder = join(root, 'out', 'packages');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const tarballs = await packAll(root, folder);
if (process.argv.includes('--update')) for (const tarball of tarballs) writeFileList(root, tarball);
const problems = tarballProblems(root, tarballs);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
