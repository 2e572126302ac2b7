import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const open: Set<string> = new Set();

/**
 * A folder that goes with this process: on `remove`, when the process exits, or, where it was killed, when the next folder is made
 * in the same place, which the process id in its name allows.
 */
export async function createTemporaryFolder(parent: string = tmpdir()): Promise<TemporaryFolder> {
  await removeOrphans(parent);
  const path = await mkdtemp(join(parent, `entra-redis-${process.pid}-`));
  if (open.size === 0) process.on('exit', removeAll);
  open.add(path);
  return {
    path,
    async remove() {
      open.delete(path);
      if (open.size === 0) process.off('exit', removeAll);
      await rm(path, { recursive: true, force: true });
    },
  };
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}

async function removeOrphans(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid] = /^entra-redis-(\d+)-\w{6}$/.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // Another user's, or already gone: nothing of ours.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
