const longMs = 600_000;

/**
 * From now on timers of ten minutes and more wait for `fire`: a peer that renews an hour-long token by `setTimeout` does so when it is
 * measured, and not while others are.
 */
export function holdRefreshTimers(): { fire(): void } {
  const { setTimeout: original } = globalThis;
  const held: (() => void)[] = [];
  globalThis.setTimeout = Object.assign((callback: () => void, delayMs?: number, ...args: []) => {
    if (Number(delayMs) >= longMs) held.push(callback);
    return original(Number(delayMs) >= longMs ? () => undefined : callback, delayMs, ...args);
  }, original);
  return {
    fire: () => {
      for (const callback of held.splice(0)) callback();
    },
  };
}
