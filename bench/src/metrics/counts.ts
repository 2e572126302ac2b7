import { sampled } from '../processes/take-sample.ts';
import type { Metric } from '../figures/types.ts';

const auths = (client: 'ioredis' | 'node-redis'): Metric => ({
  name: `reauth/auths-per-refresh/${client}`,
  unit: 'AUTHs of one refresh, after 50 reconnects',
  peerName: '@redis/entraid',
  goal: '1 AUTH',
  runs: 1,
  async start(quick) {
    const common = quick ? { reconnects: 2, lifetimeMs: 3000 } : { reconnects: 50, lifetimeMs: 10_000 };
    return {
      ours: () => sampled('auths-per-refresh', { who: client, ...common }),
      peer: () => sampled('auths-per-refresh', { who: '@redis/entraid', ...common }),
    };
  },
});

const requests = (name: string, what: 'cluster' | 'sequential'): Metric => ({
  name: `token-requests/${name}`,
  unit: 'token requests',
  peerName: '@redis/entraid',
  goal: '1 request',
  runs: 1,
  start: async () => ({
    ours: () => sampled('token-requests', { who: 'node-redis', what }),
    peer: () => sampled('token-requests', { who: '@redis/entraid', what }),
  }),
});

export const counts: readonly Metric[] = [
  auths('ioredis'),
  auths('node-redis'),
  requests('cluster-connect', 'cluster'),
  requests('sequential-clients', 'sequential'),
];
