import 'reflect-metadata';
import { withEntra } from '@entra-redis/ioredis';
import { BullModule, getQueueToken, Processor, WorkerHost } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Job, type Queue, QueueEvents } from 'bullmq';
import { expectSame, type Start, within } from '../library.ts';

class Doubler extends WorkerHost {
  override async process({ data }: Job<number>): Promise<number> {
    return data * 2;
  }
}
// Node.js strips types and leaves decorators, so they are called.
Processor('jobs')(Doubler);

// oxlint-disable-next-line typescript/no-extraneous-class -- what a module of NestJS is
class Application {}

export const start: Start = async ({ host, port, manager, complain }) => {
  const connection = withEntra(manager, { host, port, maxRetriesPerRequest: null });
  Module({
    imports: [BullModule.forRoot({ connection }), BullModule.registerQueue({ name: 'jobs' })],
    providers: [Doubler],
  })(Application);
  const application = await NestFactory.createApplicationContext(Application, { logger: ['error', 'fatal'] });
  const queue = application.get<Queue<number, number>>(getQueueToken('jobs'));
  const events = new QueueEvents('jobs', { connection });
  queue.on('error', complain);
  events.on('error', complain);
  application.get(Doubler).worker.on('error', complain);
  await events.waitUntilReady();
  return {
    step: async (round) => {
      const job = await queue.add('double', round);
      expectSame('the result', await within('a job', job.waitUntilFinished(events)), round * 2);
    },
    stop: async () => {
      await events.close();
      await application.close();
    },
  };
};
