import { expect, jest, test } from '@jest/globals';
import { createTokenManager } from '@entra-redis/token-manager';

const manager = createTokenManager({ requestToken: () => Promise.reject(new Error('No token is needed')) });

test('ioredis-mock in the place of ioredis takes our options and answers', async () => {
  jest.doMock('ioredis', () => require('ioredis-mock'));
  const { withEntra } = require('@entra-redis/ioredis') as typeof import('@entra-redis/ioredis');
  const { Redis } = require('ioredis') as typeof import('ioredis');
  const redis = new Redis(withEntra(manager, { host: 'cache.example', port: 10000 }));
  await redis.set('a', 'b');
  expect(await redis.get('a')).toBe('b');
  redis.disconnect();
});
