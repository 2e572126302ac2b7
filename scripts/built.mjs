#!/usr/bin/env node
// Builds the workspace (quick when nothing changed), finds a real redis-server, then runs a built program:
//   node scripts/built.mjs conformance/dist/cli.js --list
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideRedisServer } from '../internal/redis-server/src/provide.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program, ...args] = process.argv.slice(2);

const build = spawnSync('turbo', ['run', 'build', '--output-logs=errors-only'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (build.status !== 0) {
  process.stderr.write(`${build.stdout ?? ''}${build.stderr ?? ''}${build.error ? `${build.error.message}\n` : ''}`);
  process.exit(build.status ?? 1);
}
// Without a server the program itself says what is missing, where it needs one.
await provideRedisServer().catch(() => undefined);

const child = spawn(process.execPath, [join(root, program), ...args], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the whole group: let the child end first and report its code.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)));
