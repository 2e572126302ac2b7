import { type ClientName, connector, type Login } from './clients.ts';

export interface HotPathOptions {
  readonly client: ClientName;
  readonly login: Login;
  readonly adapter: boolean;
  /** Without the command timeout of node-redis 6, whose timers end by the clock, which stands still for nobody. */
  readonly unlimited?: boolean;
  readonly mode: 'sequential' | 'pipelined';
  /** How many GETs are measured. */
  readonly gets: number;
  /** How many go before, so that the code is compiled. */
  readonly warmUp: number;
}

const pipelined = 100;

/** Connects and warms up; each run then is GETs per second. */
export async function startGetting(options: HotPathOptions): Promise<() => Promise<number>> {
  const { client, login, adapter, unlimited, mode, gets, warmUp } = options;
  const redis = await connector(client, login, adapter ? 'adapter' : 'password', { unlimited })();
  const atOnce = mode === 'sequential' ? 1 : pipelined;
  const get = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => redis.get('key')));
  };
  await get(warmUp);
  return async () => {
    const startedAt = performance.now();
    await get(gets);
    return (gets * 1000) / (performance.now() - startedAt);
  };
}

/** GETs per second, once. */
export async function hotPath(options: HotPathOptions): Promise<number> {
  return (await startGetting(options))();
}
