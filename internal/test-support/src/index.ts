import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export { clockOfTests, keepTime, keepTimeOf } from './kept-time.ts';

/** A temporary folder, which goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Polls a state that no event tells of, without a timer, which a test may have faked. It has no limit but the test's. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** What `tokens` needs of a token manager. */
interface TokenSource {
  subscribe(listener: (event: { readonly type: string }) => void): () => void;
}

/** Resolves when `count` more tokens have come. */
export function tokens(count: number, manager: TokenSource): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const stop = manager.subscribe(({ type }) => {
      if (type !== 'token' || --left > 0) return;
      stop();
      resolve();
    });
  });
}

/** Whether a process of this user runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
