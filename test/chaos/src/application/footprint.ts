import type { Footprint } from '../protocol.ts';

const patienceMs = 3000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the process holds once all that was closed is gone, or has been given its time. `leaked` says how many closed clients are left. */
export async function footprint(leaked: () => Promise<number>): Promise<Footprint> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    await turn();
    const clients = await leaked();
    const resources: Record<string, number> = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    const isSettled = clients === 0 && Object.keys(resources).every((name) => name === 'PipeWrap');
    if (isSettled || performance.now() > giveUpAt)
      return { heapBytes: process.memoryUsage().heapUsed, resources, clients };
    await pause(50);
  }
}
