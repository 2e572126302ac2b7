import { sampled } from '../processes/take-sample.ts';
import type { Metric } from '../figures/types.ts';

const evaluationsOf = (label: string, name: string): Metric => ({
  name: `evaluations/heap/${label}`,
  unit: 'bytes of heap that each of 50 evaluations leaves behind',
  peerName: '@redis/entraid',
  goal: 'recorded',
  start: async (quick) => {
    const evaluations = quick ? 2 : 50;
    return {
      ours: () => sampled('heap-of-evaluations', { name, evaluations }),
      peer: () => sampled('heap-of-evaluations', { name: '@redis/entraid', evaluations }),
    };
  },
});

export const evaluations: readonly Metric[] = ['token-manager', 'ioredis', 'node-redis'].map((label) =>
  evaluationsOf(label, `@entra-redis/${label}`),
);
