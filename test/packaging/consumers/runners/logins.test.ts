import { withEntra } from '@entra-redis/ioredis';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, expect, test } from 'vitest';
import { startAzure } from './emulator';

const azure = await startAzure();
afterAll(() => azure.close());

test('ioredis logs in', async () => {
  const manager = createTokenManager(azure.identity);
  const redis = new Redis(withEntra(manager, azure.address));
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
  manager.close();
});

test('node-redis logs in', async () => {
  const manager = createTokenManager(azure.identity);
  const credentialsProvider = entraCredentials(manager);
  const client = createClient(
    checkOptions({ socket: azure.address, credentialsProvider, maintNotifications: 'disabled' }),
  );
  client.on('error', () => undefined);
  await client.connect();
  expect(await client.ping()).toBe('PONG');
  client.destroy();
  manager.close();
});
