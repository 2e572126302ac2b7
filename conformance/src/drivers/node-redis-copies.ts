import * as redis6 from 'redis';
import * as redis4 from 'redis-4';
import * as redis5 from 'redis-5';
import * as oldest5 from 'redis-5-oldest';
import packageOf4 from 'redis-4/package.json' with { type: 'json' };
import packageOfOldest5 from 'redis-5-oldest/package.json' with { type: 'json' };
import packageOf5 from 'redis-5/package.json' with { type: 'json' };
import packageOf6 from 'redis/package.json' with { type: 'json' };
import type { Driver } from '../driver.ts';
import { missing } from './capabilities.ts';
import type { NodeRedisCopy } from './node-redis-options.ts';

const copyOf = (version: string, module: object): NodeRedisCopy => ({
  version,
  ...(module as Omit<NodeRedisCopy, 'version'>),
});

/** The newest of each major, and the oldest that is supported. */
export const nodeRedisCopies: readonly NodeRedisCopy[] = [
  copyOf(packageOf6.version, redis6),
  copyOf(packageOf5.version, redis5),
  copyOf(packageOfOldest5.version, oldest5),
];
export const nodeRedis4: NodeRedisCopy & { readonly module: typeof redis4 } = {
  ...copyOf(packageOf4.version, redis4),
  module: redis4,
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
    'resp2-subscriber-lossless': noHandOver,
  }),
  sentinel: {
    ...missing({ 'resp2-subscriber-lossless': noHandOver }),
    ...(version.startsWith('5.') ? sentinel5(version) : {}),
    // It carries a command out again when the connection of the master was lost.
    'blocked-resent': true,
  },
});
