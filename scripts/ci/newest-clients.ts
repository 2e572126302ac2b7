// The conformance suite with the newest client releases, in a copy of the workspace: npm run conformance:newest [-- options of the suite]
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';
import { copyWorkspace, root, workspaceIn } from '../workspace.ts';

/** The newest of each major that has an alias; what is called oldest stays. */
const aliases = ['ioredis', 'redis', '@redis/client'].map((name) => `${name}-5@npm:${name}@5`);
/** The newest of all. The peers and the pages for older clients keep theirs. */
const newest = ['ioredis', 'redis', '@redis/client', 'bullmq'];
const others = ['!./conformance/peers/*', '!./test/docs/older'].flatMap((folder) => ['--filter', folder]);

const folder = mkdtempSync(join(tmpdir(), 'entra-redis-newest-'));
try {
  const { env } = workspaceIn(folder, process.env);
  await copyWorkspace(root, folder);
  await run('pnpm', ['update', '--recursive', ...aliases], { cwd: folder, env });
  await run('pnpm', ['update', '--recursive', '--latest', ...newest, ...others], { cwd: folder, env });
  console.log(await run('git', ['diff', '--unified=0', '--', 'pnpm-workspace.yaml', '*package.json'], { cwd: folder }));
  const suite = ['scripts/built.mjs', 'conformance/dist/cli.js', '--report', 'out/conformance-newest'];
  const only = process.argv.length > 2 ? process.argv.slice(2) : ['--driver', 'ioredis@*,node-redis@*'];
  const { status } = spawnSync(process.execPath, [...suite, ...only], { cwd: folder, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
  const report = join(folder, 'out', 'conformance-newest');
  if (existsSync(report)) cpSync(report, join(root, 'out', 'conformance-newest'), { recursive: true });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
