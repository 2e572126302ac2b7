import { sampled } from '../processes/take-sample.ts';
import type { Metric } from '../figures/types.ts';

/** What `import` takes, which need not be what `require` takes. */
const resolve = (name: string): string => import.meta.resolve(name);
const empty = 'data:text/javascript,export{}';

/** Each package, and the client that a user of it has loaded anyway. */
const packages = [
  { label: 'token-manager', name: '@entra-redis/token-manager', goalMs: 3 },
  { label: 'ioredis', name: '@entra-redis/ioredis', client: 'ioredis', goalMs: 6 },
  { label: 'node-redis', name: '@entra-redis/node-redis', client: 'redis', goalMs: 6 },
] as const;

const beside = (client: string | undefined) => (client === undefined ? {} : { before: resolve(client) });

const overEmpty: Metric = {
  name: 'import/time/token-manager-over-empty',
  unit: 'ms',
  peerName: 'an empty module',
  goal: 'at most 1.5 ms more',
  start: async () => ({
    ours: () => sampled('import-cost', { url: resolve('@entra-redis/token-manager'), what: 'time' }),
    peer: () => sampled('import-cost', { url: empty, what: 'time' }),
  }),
};

const importOf = (each: (typeof packages)[number], what: 'time' | 'rss'): Metric => ({
  name: `import/${what}/${each.label}`,
  unit: what === 'time' ? 'ms, beside the client' : 'KiB, beside the client',
  peerName: '@redis/entraid',
  goal: what === 'time' ? `<= ${each.goalMs} ms` : 'recorded',
  start: async () => ({
    ours: () =>
      sampled('import-cost', { url: resolve(each.name), what, ...beside('client' in each ? each.client : undefined) }),
    peer: () => sampled('import-cost', { url: resolve('@redis/entraid'), what, ...beside('redis') }),
  }),
});

export const imports: readonly Metric[] = [
  overEmpty,
  ...packages.flatMap((each) => [importOf(each, 'time'), importOf(each, 'rss')]),
];
