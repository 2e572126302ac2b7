import { withEntra } from '@entra-redis/ioredis';
import { Queue, QueueEvents, Worker } from 'bullmq';
import { expectSame, type Start, within } from '../library.ts';

export const start: Start = async ({ host, port, manager, complain }) => {
  const connection = withEntra(manager, { host, port, maxRetriesPerRequest: null });
  const queue = new Queue<number, number>('jobs', { connection });
  const events = new QueueEvents('jobs', { connection });
  const worker = new Worker<number, number>('jobs', async ({ data }) => data * 2, { connection });
  queue.on('error', complain);
  events.on('error', complain);
  worker.on('error', complain);
  worker.on('stalled', (id) => complain(new Error(`job ${id} stalled`)));
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady(), worker.waitUntilReady()]);
  return {
    step: async (round) => {
      const job = await queue.add('double', round);
      expectSame('the result', await within('a job', job.waitUntilFinished(events)), round * 2);
    },
    stop: async () => {
      await worker.close();
      await Promise.all([events.close(), queue.close()]);
    },
  };
};
