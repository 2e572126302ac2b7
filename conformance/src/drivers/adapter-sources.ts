import type { Driver } from '../driver/driver.ts';
import { ioredisSources } from './ioredis/copies.ts';
import type { Managing } from './managed-application.ts';
import { nodeRedis4Source, nodeRedisSources } from './node-redis/copies.ts';

/** One adapter with one version of its client. It is loaded when asked for: a process that serves one driver loads no other client. */
export interface DriverSource {
  readonly name: string;
  readonly version: string;
  readonly load: () => Promise<(managing?: Managing) => Driver>;
}

export const driverSources: readonly DriverSource[] = [
  ...ioredisSources.map(({ version, load }) => ({
    name: 'ioredis',
    version,
    load: async () => {
      const [{ ioredisDriver }, copy] = await Promise.all([import('./ioredis/driver.ts'), load()]);
      return (managing?: Managing) => ioredisDriver(copy, managing);
    },
  })),
  ...nodeRedisSources.map(({ version, load }) => ({
    name: 'node-redis',
    version,
    load: async () => {
      const [{ nodeRedisDriver }, copy] = await Promise.all([import('./node-redis/driver.ts'), load()]);
      return (managing?: Managing) => nodeRedisDriver(copy, managing);
    },
  })),
  {
    name: 'node-redis',
    version: nodeRedis4Source.version,
    load: async () => {
      const [{ nodeRedis4Driver }, copy] = await Promise.all([
        import('./node-redis/driver-4.ts'),
        nodeRedis4Source.load(),
      ]);
      return (managing) => nodeRedis4Driver(copy, managing);
    },
  },
];
