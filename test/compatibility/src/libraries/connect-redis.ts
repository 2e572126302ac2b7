import { RedisStore } from 'connect-redis';
import type { SessionData } from 'express-session';
import { expectSame, type Start } from '../library.ts';
import { connectNodeRedis } from '../node-redis-client.ts';

export const start: Start = async (cache) => {
  const client = await connectNodeRedis(cache);
  const store = new RedisStore({ client, ttl: 60 });
  return {
    step: async (round) => {
      const session = { cookie: { originalMaxAge: round } } as SessionData;
      await store.set('session', session);
      expectSame('the session', (await store.get('session'))?.cookie.originalMaxAge, round);
      await store.touch('session', session);
    },
    stop: () => client.close(),
  };
};
