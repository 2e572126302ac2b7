import { sampled } from '../child.ts';
import type { ClientName } from '../samples/clients.ts';
import type { Metric } from '../types.ts';
import { startRedis } from './servers.ts';

const clients: readonly ClientName[] = ['ioredis', 'node-redis'];

const hotPath = (client: ClientName, mode: 'sequential' | 'pipelined'): Metric => ({
  name: `hot-path/${client}/${mode}`,
  unit: 'GET/s',
  peerName: 'the bare client with a static password',
  goal: '>= 0.99',
  async start(quick) {
    const server = await startRedis();
    const gets = quick ? 400 : mode === 'sequential' ? 20_000 : 100_000;
    const common = { client, login: server.login, mode, gets } as const;
    return {
      ours: () => sampled('hot-path', { ...common, adapter: true }),
      peer: () => sampled('hot-path', { ...common, adapter: false }),
      close: () => server.close(),
    };
  },
});

const memory = (client: ClientName): Metric => ({
  name: `memory/${client}/per-connection`,
  unit: 'bytes of heap',
  peerName: 'the bare client',
  goal: 'at most 512 bytes more',
  async start(quick) {
    const server = await startRedis();
    const common = { client, login: server.login, connections: quick ? 10 : 500 } as const;
    return {
      ours: () => sampled('memory-per-connection', { ...common, adapter: true }),
      peer: () => sampled('memory-per-connection', { ...common, adapter: false }),
      close: () => server.close(),
    };
  },
});

export const clientMetrics: readonly Metric[] = clients.flatMap((client) => [
  hotPath(client, 'sequential'),
  hotPath(client, 'pipelined'),
  memory(client),
]);
