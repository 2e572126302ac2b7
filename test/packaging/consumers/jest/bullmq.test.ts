import { expect, test } from '@jest/globals';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Queue } from 'bullmq';
import { startAzure } from './emulator';

test('BullMQ logs in with its own copy of ioredis', async () => {
  const azure = await startAzure();
  const manager = createTokenManager(azure.identity);
  const connection = withEntra(manager, { ...azure.address, maxRetriesPerRequest: null });
  const queue = new Queue('mails', { connection, skipVersionCheck: true });
  const client = await queue.client;
  expect(await client.info()).toContain('redis_version');
  await queue.close();
  manager.close();
  await azure.close();
});
