// The conformance suite with the client releases of today, in a copy of the workspace: npm run conformance:newest [-- options of the suite]
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyWorkspace } from '../copy-workspace.ts';
import { workspaceIn } from '../release/steps.ts';
import { run } from '../run.ts';
import { root } from '../workspace.ts';
import { clientPackages, withNewest } from './newest.ts';

/** Published versions without previews, oldest first, as the registry orders them. */
async function releasesOf(name: string): Promise<string[]> {
  const versions = JSON.parse(await run('npm', ['view', name, 'versions', '--json'], { cwd: root })) as string[];
  return versions
    .filter((version) => !version.includes('-'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

const folder = mkdtempSync(join(tmpdir(), 'entra-redis-newest-'));
try {
  const entries = await Promise.all(clientPackages.map(async (name) => [name, await releasesOf(name)] as const));
  const workspace = workspaceIn(folder, process.env);
  await copyWorkspace(root, folder);
  for (const file of [
    'pnpm-workspace.yaml',
    ...globSync(['{packages,examples}/*/package.json', '{conformance,bench}/package.json'], { cwd: folder }),
  ]) {
    const { text, changes } = withNewest(readFileSync(join(folder, file), 'utf8'), Object.fromEntries(entries));
    writeFileSync(join(folder, file), text);
    for (const change of changes) console.log(`${file}: ${change}`);
  }
  await run('pnpm', ['install', '--no-frozen-lockfile', '--loglevel=warn'], { cwd: folder, env: workspace.env });
  const suite = ['scripts/built.mjs', 'conformance/dist/cli.js', '--report', 'out/conformance-newest'];
  const only = process.argv.length > 2 ? process.argv.slice(2) : ['--driver', 'ioredis@*,node-redis@*'];
  const { status } = spawnSync(process.execPath, [...suite, ...only], {
    cwd: folder,
    env: workspace.env,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
  const report = join(folder, 'out', 'conformance-newest');
  if (existsSync(report)) cpSync(report, join(root, 'out', 'conformance-newest'), { recursive: true });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
