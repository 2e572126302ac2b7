import { withEntra } from '@entra-redis/ioredis';
import Bull from 'bull';
import { expectSame, type Start, within } from '../library.ts';

export const start: Start = async ({ host, port, manager, complain }) => {
  const redis = withEntra(manager, { host, port, maxRetriesPerRequest: null, enableReadyCheck: false });
  const queue = new Bull<number>('jobs', { redis });
  queue.on('error', complain);
  queue.on('stalled', (job) => complain(new Error(`job ${job.id} stalled`)));
  // `job.finished()` misses the event of a job that ends at once, with access keys, too.
  let completed: (result: number) => void = () => undefined;
  queue.on('completed', (_job, result: number) => completed(result));
  void queue.process(async ({ data }) => data * 2);
  await queue.isReady();
  return {
    step: async (round) => {
      const result = new Promise<number>((resolve) => (completed = resolve));
      await queue.add(round);
      expectSame('the result', await within('a job', result), round * 2);
    },
    stop: () => queue.close(),
  };
};
