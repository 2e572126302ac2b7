import { setTimeout as sleep } from 'node:timers/promises';

const intervalMs = 25;

/** Asks again and again until `probe` answers something other than undefined. Rejects with `what` when the time is over. */
export async function eventually<Result>(
  what: string,
  probe: () => Promise<Result | undefined>,
  withinMs = 20_000,
): Promise<Result> {
  const endAt = performance.now() + withinMs;
  for (;;) {
    const result = await probe();
    if (result !== undefined) return result;
    if (performance.now() > endAt) throw new Error(`${what}: not within ${withinMs} ms`);
    await sleep(intervalMs);
  }
}
