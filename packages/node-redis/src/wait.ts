/** Not the one that an application's tests may have put there since; not imported, which is slow for an ES module. */
const { setTimeout } = process.getBuiltinModule('node:timers/promises');

/** Keeps no process alive. */
export async function wait(ms: number): Promise<void> {
  await setTimeout(ms, undefined, { ref: false });
}
