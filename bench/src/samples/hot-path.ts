import { type ClientName, connector, type Login, managerOf } from './clients.ts';

export interface HotPathOptions {
  readonly client: ClientName;
  readonly login: Login;
  readonly adapter: boolean;
  readonly mode: 'sequential' | 'pipelined';
  /** How many GETs are measured; a quarter of them goes before, to warm up. */
  readonly gets: number;
}

const pipelined = 100;

/** GETs per second. */
export async function hotPath({ client, login, adapter, mode, gets }: HotPathOptions): Promise<number> {
  const manager = adapter ? managerOf(login) : undefined;
  const redis = await connector(client, login, manager)();
  const run = async (count: number): Promise<void> => {
    const atOnce = mode === 'sequential' ? 1 : pipelined;
    for (let done = 0; done < count; done += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => redis.get('key')));
  };
  await run(gets / 4);
  const startedAt = performance.now();
  await run(gets);
  const rate = (gets * 1000) / (performance.now() - startedAt);
  await redis.close();
  manager?.close();
  return rate;
}
