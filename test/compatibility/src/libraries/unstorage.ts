import { withEntra } from '@entra-redis/ioredis';
import { createStorage } from 'unstorage';
import redisDriver from 'unstorage/drivers/redis';
import { expectSame, type Start } from '../library.ts';

export const start: Start = async ({ host, port, manager }) => {
  const storage = createStorage({ driver: redisDriver({ base: 'storage', ...withEntra(manager, { host, port }) }) });
  return {
    step: async (round) => {
      await storage.setItem('round', round);
      expectSame('the item', await storage.getItem('round'), round);
      expectSame('the keys', (await storage.getKeys()).join(), 'round');
    },
    stop: () => storage.dispose(),
  };
};
