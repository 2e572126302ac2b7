import fastifyRedis from '@fastify/redis';
import { keepTime, tokens } from '@entra-redis/test-support';
import { Queue, QueueEvents, Worker, type ConnectionOptions } from 'bullmq';
import fastify from 'fastify';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withEntra } from '../src/index.ts';
import { startRealCache, type RealCache } from './support/real-cache.ts';
import { during, versions } from './support/world.ts';

let stopTime: () => void;
beforeAll(() => {
  stopTime = keepTime();
});
afterAll(() => stopTime());

const addressOf = ({ host, port }: RealCache): { host: string; port: number } => ({ host, port });

describe.concurrent.each(versions)('$version', ({ module }) => {
  test('life/rotations: 15 rotations of mixed load, no failed command, no lost message, the same sockets', async () => {
    await using cache = await startRealCache(1_200);
    const redis = new module.Redis(withEntra(cache.manager, addressOf(cache)));
    const subscriber = redis.duplicate();
    const worker = redis.duplicate();
    const received: number[] = [];
    subscriber.on('message', (_channel, message) => received.push(Number(message)));
    await subscriber.subscribe('news');
    const clientId = await redis.client('ID');
    const popped: number[] = [];
    let sent = 0;
    await during(tokens(15, cache.manager), async () => {
      const number = sent++;
      const item = worker.blpop('list', 5);
      const results = await Promise.all([
        redis.set('key', number).then(() => redis.get('key')),
        redis.pipeline().incr('n').incr('n').exec(),
        redis.multi().incr('m').incr('m').exec(),
        redis.publish('news', String(number)),
        redis.rpush('list', number),
      ]);
      expect(results[0]).toBe(String(number));
      expect(results[1]?.map(([error]) => error)).toEqual([null, null]);
      expect(results[2]?.map(([error]) => error)).toEqual([null, null]);
      popped.push(Number((await item)?.[1]));
    });
    const all = Array.from({ length: sent }, (_, index) => index);
    expect(popped).toEqual(all);
    await subscriber.unsubscribe('news');
    expect(received).toEqual(all);
    expect(await redis.client('ID')).toBe(clientId);
    expect(cache.cuts).toBe(0);
    for (const client of [redis, subscriber, worker]) client.disconnect();
  }, 60_000);

  test('life/rotations: a command that blocks for ever outlives 3 tokens, and its item comes once', async () => {
    await using cache = await startRealCache(1_200);
    const redis = new module.Redis(withEntra(cache.manager, addressOf(cache)));
    const worker = redis.duplicate();
    const item = worker.blpop('list', 0);
    await redis.ping();
    await tokens(3, cache.manager);
    await redis.rpush('list', 'x');
    expect(await item).toEqual(['list', 'x']);
    expect(await redis.llen('list')).toBe(0);
    expect(cache.cuts).toBe(0);
    for (const client of [redis, worker]) client.disconnect();
  }, 60_000);
});

describe.each(['options', 'instance'] as const)('BullMQ with a connection as %s', (kind) => {
  test('life/bullmq: queue, blocking worker and QueueEvents over 5 rotations, every job runs once', async () => {
    await using cache = await startRealCache(1_200);
    const options = withEntra(cache.manager, { ...addressOf(cache), maxRetriesPerRequest: null });
    const instance = new Redis(options);
    const connection: ConnectionOptions = kind === 'options' ? options : instance;
    const runs: number[] = [];
    const problems: unknown[] = [];
    const worker = new Worker<{ n: number }>('jobs', async ({ data }) => void runs.push(data.n), { connection });
    const queue = new Queue<{ n: number }>('jobs', { connection });
    const events = new QueueEvents('jobs', { connection });
    const problem = (what: unknown): void => void problems.push(what);
    worker.on('error', problem).on('stalled', problem);
    queue.on('error', problem);
    events.on('error', problem);
    await events.waitUntilReady();
    let added = 0;
    await during(tokens(5, cache.manager), async () => {
      const job = await queue.add('job', { n: added++ });
      await job.waitUntilFinished(events);
    });
    expect(runs).toEqual(Array.from({ length: added }, (_, index) => index));
    expect(problems).toEqual([]);
    expect(cache.cuts).toBe(0);
    for (const part of [worker, queue, events]) await part.close();
    instance.disconnect();
  }, 60_000);
});

test('@fastify/redis takes the options, and stays logged in', async () => {
  await using cache = await startRealCache(1_000);
  const app = fastify();
  await app.register(fastifyRedis, withEntra(cache.manager, addressOf(cache)));
  expect(await app.redis.set('a', '1')).toBe('OK');
  await tokens(2, cache.manager);
  expect(await app.redis.get('a')).toBe('1');
  expect(cache.cuts).toBe(0);
  await app.close();
});
