import { withEntra } from '@entra-redis/ioredis';
import { Redis } from 'ioredis';
import Redlock from 'redlock';
import { expectSame, type Start } from '../library.ts';

export const start: Start = async ({ host, port, manager, complain }) => {
  const redis = new Redis(withEntra(manager, { host, port }));
  redis.on('error', complain);
  // Its types know older clients alone.
  const redlock = new Redlock([redis as never], { retryCount: 0 });
  redlock.on('clientError', complain);
  return {
    step: async (round) => {
      const lock = await redlock.lock('resource', 2000);
      const other = await redlock.lock('resource', 2000).then(
        () => 'locked twice',
        (error: Error) => error.name,
      );
      expectSame(`round ${round}: a second lock`, other, 'LockError');
      await (await lock.extend(4000)).unlock();
    },
    stop: async () => {
      await redis.quit();
    },
  };
};
