/** Neither the global ones, which an application's tests may fake, nor imported, which is slow for an ES module. */
export const setImmediate: typeof globalThis.setImmediate = process.getBuiltinModule('node:timers').setImmediate;
const { setTimeout } = process.getBuiltinModule('node:timers/promises');

/** Resolves when what has arrived on sockets by now has been read. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Keeps no process alive. */
export async function wait(ms: number): Promise<void> {
  await setTimeout(ms, undefined, { ref: false });
}
