import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { createClient, type RedisClientType } from 'redis';
import type { Cache } from './library.ts';

/** A connected client of node-redis, as the README makes it. */
export async function connectNodeRedis({ host, port, manager, complain }: Cache): Promise<RedisClientType> {
  const url = `redis://${host}:${port}`;
  const credentialsProvider = entraCredentials(manager);
  const client: RedisClientType = createClient(checkOptions({ url, credentialsProvider }));
  return await client.on('error', complain).connect();
}
