// Mistakes that a user's compiler has to find, at the option that is wrong: compiled, never run.
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { withEntra } from '@entra-redis/node-redis/v4';
import type { TokenManager } from '@entra-redis/token-manager';
import * as redis from 'redis';

declare const manager: TokenManager;
const url = 'rediss://my-cache.westeurope.redis.azure.net:10000';
const credentialsProvider = entraCredentials(manager);
const rootNodes = [{ url }];

export const mistakes = (): readonly unknown[] => [
  // @ts-expect-error it is url
  redis.createClient(checkOptions({ urll: url, credentialsProvider })),
  // @ts-expect-error it is credentialsProvider
  redis.createClient(checkOptions({ url, credentialProvider: credentialsProvider })),
  // @ts-expect-error it is host
  redis.createClient(checkOptions({ socket: { hostt: 'my-cache', tls: true }, credentialsProvider })),
  // @ts-expect-error it is useReplicas
  redis.createCluster(checkOptions({ rootNodes, defaults: { credentialsProvider }, useReplica: true })),
  // @ts-expect-error it is tls
  redis.createCluster(checkOptions({ rootNodes, defaults: { credentialsProvider, socket: { tlss: true } } })),
  // @ts-expect-error redis 5 and 6 take entraCredentials(manager)
  withEntra(redis, manager, { url }),
  // @ts-expect-error it belongs into the option credentialsProvider
  redis.createClient(credentialsProvider),
  // @ts-expect-error it belongs into entraCredentials()
  redis.createClient(manager),
];
