// A user's application, once as .mts and once as .cts: logs in to the cache that the rehearsal started.
import { createTokenManager } from '@entra-redis/token-manager';
import { attach, withEntra } from '@entra-redis/ioredis';
import { Cluster, Redis } from 'ioredis';

const manager = createTokenManager({
  getToken: () =>
    Promise.resolve({ token: String(process.env['TOKEN']), expiresOnTimestamp: Number(process.env['EXPIRES_AT']) }),
});

export const cluster = () =>
  new Cluster([{ host: 'cache', port: 10000 }], withEntra(manager, { redisOptions: { connectTimeout: 1000 } }));
export const attached = (redis: Redis): void => attach(manager, redis);

async function main(): Promise<void> {
  const redis = new Redis(withEntra(manager, { host: '127.0.0.1', port: Number(process.env['PORT']) }));
  const copy = redis.duplicate();
  console.log(`${await redis.ping()} ${await copy.ping()}`);
  redis.disconnect();
  copy.disconnect();
  manager.close();
}

void main();
