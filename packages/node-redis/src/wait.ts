/** Keeps no process alive. */
export async function wait(ms: number): Promise<void> {
  await process.getBuiltinModule('node:timers/promises').setTimeout(ms, undefined, { ref: false });
}
