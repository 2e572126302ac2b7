// A user's application, once as .mts and once as .cts: logs in to the cache that the rehearsal started.
import { createTokenManager } from '@entra-redis/token-manager';
import { withEntra } from '@entra-redis/node-redis/v4';
import * as redis from 'redis';

const manager = createTokenManager({
  getToken: () =>
    Promise.resolve({ token: String(process.env['TOKEN']), expiresOnTimestamp: Number(process.env['EXPIRES_AT']) }),
});
const socket = { host: '127.0.0.1', port: Number(process.env['PORT']) };

export const cluster = () =>
  redis.createCluster({
    rootNodes: [{ url: 'rediss://cache:10000' }],
    defaults: withEntra(redis, manager, { socket: { tls: true } }),
  });

async function main(): Promise<void> {
  await manager.credentials();
  const client = redis.createClient(withEntra(redis, manager, { socket }));
  client.on('error', console.error);
  await client.connect();
  const copy = client.duplicate();
  await copy.connect();
  console.log(`${await client.ping()} ${await copy.ping()}`);
  await client.disconnect();
  await copy.disconnect();
  manager.close();
}

void main();
