// The release, rehearsed: versions, packs and publishes a copy of the workspace to a registry on loopback, then uses the packages as
// users do; with --only pnpm, as users of pnpm alone do. Nothing in the checkout changes, but test/packaging/combinations.json with --update. A folder for temporary files is left behind where something failed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Checks, Stop } from './checks.ts';
import { root } from '../../../scripts/workspace.ts';
import { combinationCheck, combinationLines, readCombinations, writeCombinations } from './combinations.ts';
import { rehearse } from './rehearse.ts';

const { only, update = false } = parseArgs({
  options: { only: { type: 'string' }, update: { type: 'boolean' } },
}).values;
const folder = mkdtempSync(join(tmpdir(), 'entra-redis-rehearsal-'));
const checks = new Checks();
try {
  await rehearse({ checks, folder, from: root, only });
} catch (error) {
  if (!(error instanceof Stop)) throw error;
}
for (const line of combinationLines(checks.proved)) console.log(line);
const part = { pnpm: 'ci', '': 'whole' }[only ?? ''] as 'ci' | 'whole' | undefined;
if (part !== undefined && checks.failed === 0) {
  if (update) writeCombinations(root, part, checks.proved);
  await checks.phase('combinations', [combinationCheck(readCombinations(root)[part], checks.proved)]);
}
if (checks.failed === 0) rmSync(folder, { recursive: true, force: true });
else console.log(`What was installed is still in ${folder}: look there, then remove it.`);
console.log(`The rehearsal took ${checks.elapsed()}.`);
console.log(checks.summary());
process.exitCode = checks.failed === 0 ? 0 : 1;
