import type { Start } from '../library.ts';

export interface Library {
  /** The client that it uses, and through which of our packages its options go. */
  readonly client: 'ioredis' | 'node-redis';
  /** The packages that are tried together, the one that is meant first. */
  readonly packages: readonly string[];
  readonly load: () => Promise<{ readonly start: Start }>;
}

/** By the name that the command takes. */
export const libraries: Readonly<Record<string, Library>> = {
  bullmq: { client: 'ioredis', packages: ['bullmq'], load: () => import('./bullmq.ts') },
  bull: { client: 'ioredis', packages: ['bull'], load: () => import('./bull.ts') },
  'nestjs-bullmq': {
    client: 'ioredis',
    packages: ['@nestjs/bullmq', '@nestjs/core', 'bullmq'],
    load: () => import('./nestjs-bullmq.ts'),
  },
  'nestjs-microservices': {
    client: 'ioredis',
    packages: ['@nestjs/microservices', '@nestjs/core'],
    load: () => import('./nestjs-microservices.ts'),
  },
  redlock: { client: 'ioredis', packages: ['redlock'], load: () => import('./redlock.ts') },
  'graphql-redis-subscriptions': {
    client: 'ioredis',
    packages: ['graphql-redis-subscriptions'],
    load: () => import('./graphql-redis-subscriptions.ts'),
  },
  unstorage: { client: 'ioredis', packages: ['unstorage'], load: () => import('./unstorage.ts') },
  'node-resque': { client: 'ioredis', packages: ['node-resque'], load: () => import('./node-resque.ts') },
  'cache-manager': {
    client: 'node-redis',
    packages: ['cache-manager', '@keyv/redis'],
    load: () => import('./cache-manager.ts'),
  },
  'connect-redis': { client: 'node-redis', packages: ['connect-redis'], load: () => import('./connect-redis.ts') },
  'express-rate-limit': {
    client: 'node-redis',
    packages: ['express-rate-limit', 'rate-limit-redis'],
    load: () => import('./express-rate-limit.ts'),
  },
  'socket-io': {
    client: 'node-redis',
    packages: ['socket.io', '@socket.io/redis-adapter'],
    load: () => import('./socket-io.ts'),
  },
};
