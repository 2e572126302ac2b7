import { withEntra } from '@entra-redis/ioredis';
import { Redis } from 'ioredis';
import { Queue, Worker } from 'node-resque';
import { expectSame, type Start, within } from '../library.ts';

export const start: Start = async ({ host, port, manager, complain }) => {
  const redis = new Redis(withEntra(manager, { host, port }));
  redis.on('error', complain);
  // Its types name the ioredis 5 that it brings.
  const connection = { redis: redis as never };
  const done = new Map<number, () => void>();
  const jobs = { tell: { perform: async (round: number): Promise<void> => done.get(round)?.() } };
  const queue = new Queue({ connection }, jobs);
  const worker = new Worker({ connection, queues: ['jobs'], timeout: 20 }, jobs);
  for (const emitter of [queue, worker]) emitter.on('error', complain);
  worker.on('failure', (_queue, _job, error) => complain(error));
  await queue.connect();
  await worker.connect();
  await worker.start();
  return {
    step: async (round) => {
      const performed = new Promise<void>((resolve) => done.set(round, resolve));
      expectSame('the job is queued', await queue.enqueue('jobs', 'tell', [round]), true);
      await within(`job ${round}`, performed);
      done.delete(round);
    },
    stop: async () => {
      await worker.end();
      await queue.end();
      await redis.quit();
    },
  };
};
