import type { Cluster, Redis } from 'ioredis';
import packageOfOldest5 from 'ioredis-5-oldest/package.json' with { type: 'json' };
import packageOf5 from 'ioredis-5/package.json' with { type: 'json' };
import packageOf6 from 'ioredis/package.json' with { type: 'json' };

export interface IoredisCopy {
  readonly version: string;
  readonly Redis: typeof Redis;
  readonly Cluster: typeof Cluster;
  /** ioredis 6 speaks RESP3. */
  readonly resp: readonly (2 | 3)[];
}

interface IoredisSource {
  readonly version: string;
  readonly load: () => Promise<IoredisCopy>;
}

const source = (
  version: string,
  resp: readonly (2 | 3)[],
  load: () => Promise<{ Redis: unknown; Cluster: unknown }>,
): IoredisSource => ({
  version,
  load: async () => {
    const module = (await load()) as Pick<IoredisCopy, 'Redis' | 'Cluster'>;
    return { version, Redis: module.Redis, Cluster: module.Cluster, resp };
  },
});

/** The newest of each major, and the oldest that is supported. */
export const ioredisSources: readonly IoredisSource[] = [
  source(packageOf6.version, [2, 3], () => import('ioredis')),
  source(packageOf5.version, [2], () => import('ioredis-5')),
  source(packageOfOldest5.version, [2], () => import('ioredis-5-oldest')),
];
