import { type ConnectionOptions, Queue, QueueEvents, Worker } from 'bullmq';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { QueueSession } from '../driver.ts';
import { describeError } from './secrets.ts';

export interface QueueConnections {
  readonly producer: Redis | Cluster;
  /** For the worker and the events: options, as in BullMQ's documentation; in a cluster a client. */
  readonly others: RedisOptions | Cluster;
  /** In a cluster all keys of a queue must be in one slot. */
  readonly prefix?: string;
}

/** A BullMQ application. */
export function openQueue({ producer, others, prefix }: QueueConnections, name: string): QueueSession {
  // BullMQ has the types of its own copy of ioredis.
  const common = { connection: others as ConnectionOptions, ...(prefix !== undefined && { prefix }) };
  const queue = new Queue<string>(name, { ...common, connection: producer as ConnectionOptions });
  // From the first event on, however late it connects.
  const events = new QueueEvents(name, { ...common, lastEventId: '0' });
  const ran: string[] = [];
  const completed: string[] = [];
  const troubles: string[] = [];
  const worker = new Worker<string, string>(
    name,
    async ({ data }) => {
      ran.push(data);
      return data;
    },
    { ...common, drainDelay: 1, stalledInterval: 2000 },
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
      for (const client of [producer, others]) if ('disconnect' in client) client.disconnect();
    },
  };
}
