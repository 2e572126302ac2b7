import type { Driver } from '../driver.ts';
import { ioredisDriver } from './ioredis.ts';
import { ioredisCopies } from './ioredis-copies.ts';
import type { Managing } from './managed-application.ts';
import { nodeRedis4Driver } from './node-redis-4.ts';
import { nodeRedisDriver } from './node-redis.ts';
import { nodeRedisCopies } from './node-redis-copies.ts';

/** Every adapter with every version of its client, its managers changed by `managing`. */
export const managedDrivers = (managing?: Managing): readonly Driver[] => [
  ...ioredisCopies.map((copy) => ioredisDriver(copy, managing)),
  ...nodeRedisCopies.map((copy) => nodeRedisDriver(copy, managing)),
  nodeRedis4Driver(managing),
];

export const drivers: readonly Driver[] = managedDrivers();
