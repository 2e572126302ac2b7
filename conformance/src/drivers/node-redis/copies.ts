import type * as redis4 from 'redis-4';
import packageOf4 from 'redis-4/package.json' with { type: 'json' };
import packageOfOldest5 from 'redis-5-oldest/package.json' with { type: 'json' };
import packageOf5 from 'redis-5/package.json' with { type: 'json' };
import packageOf6 from 'redis/package.json' with { type: 'json' };
import type { Driver } from '../../driver/driver.ts';
import { missing } from '../capabilities.ts';
import type { NodeRedisCopy } from './options.ts';

interface NodeRedisSource {
  readonly version: string;
  readonly load: () => Promise<NodeRedisCopy>;
}

const source = (version: string, load: () => Promise<object>): NodeRedisSource => ({
  version,
  load: async () => ({ version, ...((await load()) as Omit<NodeRedisCopy, 'version'>) }),
});

/** The newest of each major, and the oldest that is supported. */
export const nodeRedisSources: readonly NodeRedisSource[] = [
  source(packageOf6.version, () => import('redis')),
  source(packageOf5.version, () => import('redis-5')),
  source(packageOfOldest5.version, () => import('redis-5-oldest')),
];

export type NodeRedis4Copy = NodeRedisCopy & { readonly module: typeof redis4 };

export const nodeRedis4Source: { readonly version: string; readonly load: () => Promise<NodeRedis4Copy> } = {
  version: packageOf4.version,
  load: async () => {
    const module = await import('redis-4');
    return { ...(module as unknown as NodeRedisCopy), version: packageOf4.version, module };
  },
};

const noQueue = 'a cluster of node-redis takes no command before connect() has resolved';
const noRetry = 'connect() of a cluster rejects once every root node has failed, and is not tried again';

const noHandOver = 'handOverOnRefresh() takes a client; the subscribers of a cluster or sentinel reconnect, with RESP2';

const sentinel5 = (version: string): ReturnType<typeof missing> =>
  missing({
    duplicate: 'a sentinel of redis 5 has no duplicate()',
    'offline-queue-off':
      'a sentinel of redis 5 keeps a command until the master is back, whatever disableOfflineQueue says',
    ...(version.startsWith('5.0.') ? { 'sharded-subscribe': 'a sentinel of redis 5.0 has no sSubscribe()' } : {}),
  });

/** What clusters and sentinels of this version do not do, or do otherwise than a client. */
export const nodeRedisElsewhere = (version: string): NonNullable<Driver['capabilitiesIn']> => ({
  cluster: missing({
    'waits-for-first-token': noQueue,
    'retries-first-connect': noRetry,
    'retries-first-login': noRetry,
    'resp2-subscriber-lossless': noHandOver,
  }),
  sentinel: {
    ...missing({ 'resp2-subscriber-lossless': noHandOver }),
    ...(version.startsWith('5.') ? sentinel5(version) : {}),
    // It carries a command out again when the connection of the master was lost.
    'blocked-resent': true,
  },
});
