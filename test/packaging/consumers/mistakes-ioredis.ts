// Mistakes that a user's compiler has to find, at the option that is wrong: compiled, never run.
import { withEntra } from '@entra-redis/ioredis';
import type { TokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';

declare const manager: TokenManager;
const host = 'my-cache.westeurope.redis.azure.net';

export const mistakes = (): readonly unknown[] => [
  // @ts-expect-error it is host
  withEntra(manager, { hostt: host }),
  // @ts-expect-error it is port
  withEntra(manager, { host, prot: 10000 }),
  // @ts-expect-error a port is a number
  withEntra(manager, { host, port: '10000' }),
  // @ts-expect-error it is slotsRefreshTimeout
  withEntra(manager, { scaleReads: 'slave', slotsRefreshTimeot: 5000 }),
  // @ts-expect-error it is lazyConnect
  withEntra(manager, { redisOptions: { connectTimeout: 5000, lazyConect: true } }),
  // @ts-expect-error it belongs into withEntra()
  new Redis(manager),
];
