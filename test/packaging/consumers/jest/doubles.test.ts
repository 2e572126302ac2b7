import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { expect, jest, test } from '@jest/globals';
import Redis from 'ioredis';

jest.mock('ioredis', () => jest.requireActual('ioredis-mock'));

test('ioredis-mock in the place of ioredis takes our options and answers', async () => {
  const manager = createTokenManager({ requestToken: () => Promise.reject(new Error('No token is needed')) });
  const redis = new Redis(withEntra(manager, { host: 'my-cache.westeurope.redis.azure.net', port: 10000 }));
  await redis.set('a', 'b');
  expect(await redis.get('a')).toBe('b');
  redis.disconnect();
  manager.close();
});
