// The launcher's process: starts servers for the process that forked it, and ends them with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { FromLauncher, ToLauncher } from './launcher.ts';

const children = new Map<number, ChildProcess>();
const folders = new Set<string>();

const tell = (message: FromLauncher): void => void (process.connected && process.send?.(message));

function start({ id, program, args, folder }: Extract<ToLauncher, { program: string }>): void {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => {
    if (children.delete(id)) tell({ id, ended: true });
  };
  folders.add(folder);
  children.set(id, child);
  tell({ id, pid: child.pid ?? 0 });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => tell({ id, text }));
  }
  child.once('error', (error) => {
    tell({ id, text: String(error) });
    end();
  });
  // Not `exit`: what it wrote last comes before.
  child.once('close', end);
}

process.on('message', (message: ToLauncher) => {
  if ('program' in message) start(message);
  else if ('kill' in message) children.get(message.id)?.kill('SIGKILL');
  else folders.delete(message.removed);
});
function endAll(): void {
  for (const child of children.values()) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  process.exit();
}
process.on('disconnect', endAll);
process.on('SIGTERM', endAll);
