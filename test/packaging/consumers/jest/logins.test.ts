import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withEntra } from '@entra-redis/ioredis';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { startAzure } from './emulator';

let azure: Awaited<ReturnType<typeof startAzure>>;
beforeAll(async () => {
  azure = await startAzure();
});
afterAll(() => azure.close());

test('ioredis and its duplicate log in', async () => {
  const manager = createTokenManager(azure.identity);
  const redis = new Redis(withEntra(manager, azure.address));
  const copy = redis.duplicate();
  expect([await redis.ping(), await copy.ping()]).toEqual(['PONG', 'PONG']);
  redis.disconnect();
  copy.disconnect();
  manager.close();
});

test('node-redis and its duplicate log in', async () => {
  const manager = createTokenManager(azure.identity);
  const credentialsProvider = entraCredentials(manager);
  const client = createClient(
    checkOptions({ socket: azure.address, credentialsProvider, maintNotifications: 'disabled' }),
  );
  client.on('error', () => undefined);
  await client.connect();
  const copy = client.duplicate();
  await copy.connect();
  expect([await client.ping(), await copy.ping()]).toEqual(['PONG', 'PONG']);
  client.destroy();
  copy.destroy();
  manager.close();
});
