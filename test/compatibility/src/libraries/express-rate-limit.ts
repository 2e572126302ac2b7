import { rateLimit } from 'express-rate-limit';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import { expectSame, type Start, within } from '../library.ts';
import { connectNodeRedis } from '../node-redis-client.ts';

export const start: Start = async (cache) => {
  const client = await connectNodeRedis(cache);
  const store = new RedisStore({ sendCommand: (...args: string[]) => client.sendCommand<RedisReply>(args) });
  const limit = 1_000_000;
  const limiter = rateLimit({ windowMs: 600_000, limit, store, keyGenerator: () => 'client', validate: false });
  const pass = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = { app: { get: () => false }, headers: {} } as never;
      const response = { setHeader: () => undefined, headersSent: false, writableEnded: false, on: () => undefined };
      const next = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
      void limiter(request, response as never, next);
    });
  return {
    step: async (round) => {
      await within('the next handler', pass());
      expectSame('requests counted', (await store.get('client'))?.totalHits, round);
    },
    stop: () => client.close(),
  };
};
