/** Not the global one, which an application's tests may fake; not imported, which is slow for an ES module. */
export const setImmediate: typeof globalThis.setImmediate = process.getBuiltinModule('node:timers').setImmediate;

/** Resolves when what has arrived on sockets by now has been read. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
