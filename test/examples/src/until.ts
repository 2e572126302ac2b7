import { setInterval } from 'node:timers/promises';

/** Looks again and again until `reached` says true. Rejects with `what` when the time is over. */
export async function until(what: string, withinMs: number, reached: () => boolean): Promise<void> {
  if (reached()) return;
  const endAt = performance.now() + withinMs;
  for await (const _ of setInterval(50)) {
    if (reached()) return;
    if (performance.now() > endAt) throw new Error(`${what}: not within ${withinMs} ms`);
  }
}
