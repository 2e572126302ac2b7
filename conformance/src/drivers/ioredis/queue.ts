import type { QueueSession } from '../../driver/driver.ts';
import type { IoredisCopy } from './copies.ts';
import type { ConnectionOptions, SentinelOptions } from './options.ts';
import { describeError } from '../secrets.ts';

/** A BullMQ application: the queue gets an instance of this copy, the worker and the events get options, as in its documentation. */
export async function openQueue(
  { Redis }: IoredisCopy,
  options: ConnectionOptions | SentinelOptions,
  name: string,
): Promise<QueueSession> {
  // Loaded by the one scenario that needs it.
  const { Queue, QueueEvents, Worker } = await import('bullmq');
  const connection = { ...options, maxRetriesPerRequest: null };
  const producer = new Redis(connection);
  const queue = new Queue<string>(name, { connection: producer });
  // From the first event on, however late it connects.
  const events = new QueueEvents(name, { connection, lastEventId: '0' });
  const ran: string[] = [];
  const completed: string[] = [];
  const troubles: string[] = [];
  const worker = new Worker<string, string>(
    name,
    async ({ data }) => {
      ran.push(data);
      return data;
    },
    { connection, drainDelay: 1, stalledInterval: 2000 },
  );
  const trouble = (error: unknown): void => void troubles.push(describeError(error));
  for (const part of [producer, queue, events, worker])
    (part as { on(event: 'error', f: typeof trouble): unknown }).on('error', trouble);
  worker.on('stalled', (job) => troubles.push(`stalled: ${job}`));
  worker.on('failed', (job, error) => troubles.push(`failed: ${job?.data} ${describeError(error)}`));
  events.on('completed', ({ returnvalue }) => completed.push(returnvalue));
  return {
    add: async (job) => void (await queue.add('job', job)),
    ran: async () => ran,
    completed: async () => completed,
    troubles: async () => troubles,
    close: async () => {
      await Promise.all([worker.close(true), events.close(), queue.close()]);
      producer.disconnect();
    },
  };
}
