import type { Footprint } from '../protocol.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the process holds once garbage is gone. `leaked` says how many closed clients are left. */
export async function footprint(leaked: () => Promise<number>): Promise<Footprint> {
  // What closes does so in the turns that follow.
  for (let i = 0; i < 5; i += 1) await turn();
  const clients = await leaked();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  return { heapBytes: process.memoryUsage().heapUsed, resources, clients };
}
