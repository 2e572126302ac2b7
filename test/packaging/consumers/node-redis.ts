// A user's application, once as .mts and once as .cts: logs in to the cache that the rehearsal started.
import { createTokenManager, type TokenEvent } from '@entra-redis/token-manager';
import { checkOptions, entraCredentials, giveUpAfterRefusals, handOver } from '@entra-redis/node-redis';
import { createClient, createCluster, createSentinel } from 'redis';

const manager = createTokenManager({
  getToken: () =>
    Promise.resolve({ token: String(process.env['TOKEN']), expiresOnTimestamp: Number(process.env['EXPIRES_AT']) }),
});
manager.subscribe((event: TokenEvent) => event.type);
const credentialsProvider = entraCredentials(manager);
const socket = { host: '127.0.0.1', port: Number(process.env['PORT']), reconnectStrategy: giveUpAfterRefusals(3) };

export const cluster = () =>
  createCluster({ rootNodes: [{ url: 'rediss://cache:10000' }], defaults: { credentialsProvider } });
export const sentinel = () =>
  createSentinel({
    name: 'primary',
    sentinelRootNodes: [{ host: 'cache', port: 26379 }],
    nodeClientOptions: { credentialsProvider },
  });

async function main(): Promise<void> {
  const client = createClient(checkOptions({ socket, credentialsProvider }));
  client.on('error', console.error);
  await client.connect();
  const subscriber = client.duplicate();
  await subscriber.connect();
  await handOver(subscriber);
  console.log(`${await client.ping()} ${await subscriber.ping()}`);
  client.destroy();
  subscriber.destroy();
  manager.close();
}

void main();
