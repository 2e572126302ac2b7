import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { startAzure } from './emulator';

let azure: Awaited<ReturnType<typeof startAzure>>;
beforeAll(async () => {
  azure = await startAzure();
});
afterAll(() => azure.close());
beforeEach(() => {
  jest.resetModules();
});

const importPaths = {
  '@entra-redis/token-manager': () => require('@entra-redis/token-manager') as object,
  '@entra-redis/token-manager/testing': () => require('@entra-redis/token-manager/testing') as object,
  '@entra-redis/ioredis': () => require('@entra-redis/ioredis') as object,
  '@entra-redis/node-redis': () => require('@entra-redis/node-redis') as object,
  '@entra-redis/node-redis/v4': () => require('@entra-redis/node-redis/v4') as object,
  '@entra-redis/emulator': () => require('@entra-redis/emulator') as object,
  '@entra-redis/emulator/command': () => require('@entra-redis/emulator/command') as object,
  '@entra-redis/emulator/resp': () => require('@entra-redis/emulator/resp') as object,
};

test.each(Object.entries(importPaths))('%s is there for require', (_, load) => {
  expect(Object.keys(load()).length).toBeGreaterThan(0);
});

test.each([1, 2, 3])('ioredis and node-redis log in after their modules were reset, %d', async () => {
  const { createTokenManager } = require('@entra-redis/token-manager') as typeof import('@entra-redis/token-manager');
  const { withEntra } = require('@entra-redis/ioredis') as typeof import('@entra-redis/ioredis');
  const nodeRedis = require('@entra-redis/node-redis') as typeof import('@entra-redis/node-redis');
  const { Redis } = require('ioredis') as typeof import('ioredis');
  const { createClient } = require('redis') as typeof import('redis');
  const manager = createTokenManager(azure.identity);
  const redis = new Redis(withEntra(manager, azure.address));
  const credentialsProvider = nodeRedis.entraCredentials(manager);
  const client = createClient(
    nodeRedis.checkOptions({ socket: azure.address, credentialsProvider, maintNotifications: 'disabled' }),
  );
  client.on('error', () => undefined);
  await client.connect();
  expect([await redis.ping(), await client.ping()]).toEqual(['PONG', 'PONG']);
  redis.disconnect();
  client.destroy();
  manager.close();
});
