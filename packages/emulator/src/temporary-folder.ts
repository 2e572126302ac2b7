import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

const open: Set<string> = new Set();

/**
 * A folder that goes with this process: on `remove`, or when the process exits. A process that is killed leaves its folder, a file
 * or two: no other can know if the owner lives, since the temporary directory may be shared with another process namespace.
 */
export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'entra-redis-'));
  if (open.size === 0) process.on('exit', removeAll);
  open.add(path);
  return {
    path,
    remove() {
      if (!open.delete(path)) return;
      if (open.size === 0) process.off('exit', removeAll);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}
