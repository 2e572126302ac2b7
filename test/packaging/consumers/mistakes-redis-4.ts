// Mistakes that a user's compiler has to find, at the option that is wrong: compiled, never run.
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { withEntra } from '@entra-redis/node-redis/v4';
import type { TokenManager } from '@entra-redis/token-manager';
import * as redis from 'redis';

declare const manager: TokenManager;
const url = 'rediss://my-cache.westeurope.redis.azure.net:10000';
const credentialsProvider = entraCredentials(manager);

export const mistakes = (): readonly unknown[] => [
  // @ts-expect-error it is url
  redis.createClient(withEntra(redis, manager, { urll: url })),
  // @ts-expect-error it is host
  redis.createClient(withEntra(redis, manager, { socket: { hostt: 'my-cache', tls: true } })),
  // @ts-expect-error redis 4 has no credentialsProvider: it takes withEntra()
  redis.createClient(checkOptions({ url, credentialsProvider })),
  // @ts-expect-error redis 4 takes withEntra()
  redis.createClient(credentialsProvider),
];
