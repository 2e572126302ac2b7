import type { Driver } from '../driver.ts';
import { ioredisDrivers } from './ioredis.ts';
import { nodeRedis4Driver } from './node-redis-4.ts';
import { nodeRedisDrivers } from './node-redis.ts';

export const drivers: readonly Driver[] = [...ioredisDrivers, ...nodeRedisDrivers, nodeRedis4Driver];
