import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** One listener for all of them: Node warns of more than ten. */
const guarded = new Set<ChildProcess>();

function killGuarded(): void {
  for (const child of guarded) child.kill('SIGKILL');
}

/**
 * Ends `child` with this process, however that ends, and removes its `folder`: a small shell waits for our end of a pipe to close,
 * which the system sees to even after SIGKILL. The answer ends that watch. Where there is no shell, only an orderly exit is noticed,
 * and the folder stays.
 */
export function endWithParent(child: ChildProcess, folder: string): () => void {
  if (guarded.size === 0) process.on('exit', killGuarded);
  guarded.add(child);
  const shell = process.platform === 'win32' || child.pid === undefined ? undefined : watch(child.pid, folder);
  return () => {
    guarded.delete(child);
    if (guarded.size === 0) process.off('exit', killGuarded);
    shell?.kill('SIGKILL');
  };
}

function watch(pid: number, folder: string): ChildProcess {
  const script = `trap '' INT TERM HUP; read -r _; kill -9 "$1"; rm -rf -- "$2"`;
  const shell = spawn('/bin/sh', ['-c', script, 'guard', String(pid), folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  shell.on('error', () => undefined);
  shell.unref();
  unrefStream(shell.stdin);
  return shell;
}

/** Pipes to a child keep a process alive, unlike the child itself once it is unref'd. */
export function unrefStream(stream: Readable | Writable | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
