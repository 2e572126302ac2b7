import type { Driver } from '../types.ts';
import { ioredisDrivers } from './ioredis.ts';
import { nodeRedisDrivers } from './node-redis.ts';

export const drivers: readonly Driver[] = [...ioredisDrivers, ...nodeRedisDrivers];
