import { AsyncLocalStorage } from 'node:async_hooks';

const cases = new AsyncLocalStorage<unknown[]>();

/** Runs one case, so that what it leaves unhandled is known to be its own. */
export const asCase = <T>(run: () => Promise<T>): Promise<T> => cases.run([], run);

/** What was rejected in the case that asks, and handled by nobody. */
export async function unhandledInCase(): Promise<readonly unknown[]> {
  // Node.js tells of it at the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  return cases.getStore() ?? [];
}

/**
 * From now on an unhandled rejection, by which Node.js ends a program, fails the case that it belongs to, and not all cases of this
 * process. Clients leave some when they are closed in the middle of something. One that belongs to no case still ends the process.
 */
export function keepRejectionsToCases(): void {
  process.on('unhandledRejection', (reason) => {
    const unhandled = cases.getStore();
    if (unhandled === undefined) throw reason;
    unhandled.push(reason);
  });
}
