export { clockOfTests, keepTime } from './kept-time.ts';

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
