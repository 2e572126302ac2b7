/** How often to look for the parent: nothing reports when it exits. */
const lookMs = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves when this process is to end, with the signal that says so: one that it got, or SIGTERM because the process that started it
 * has gone. The processes of npm between us and the process that stops `npx` do not always pass a signal on. Signals that follow change nothing.
 */
export function watchForEnd({ parentToo }: { readonly parentToo: boolean }): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal));
    if (!parentToo) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve('SIGTERM');
    }, lookMs);
    timer.unref();
  });
}
