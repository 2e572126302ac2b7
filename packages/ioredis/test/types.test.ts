import type { RedisOptions as BullOptions } from 'bullmq';
import { type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type {
  Cluster as Cluster5,
  ClusterOptions as ClusterOptions5,
  Redis as Redis5,
  RedisOptions as RedisOptions5,
} from 'ioredis-5';
import { expect, expectTypeOf, test } from 'vitest';
import { attach, withEntra } from '../src/index.ts';
import type { optionNames } from '../src/known-options.ts';
import { Identity, versions } from './support/world.ts';

test('options keep their type, so that they fit wherever they fitted before, in every version', () => {
  const { manager } = new Identity();
  const plain = withEntra(manager, { host: 'localhost', db: 1 });
  expectTypeOf(plain).toEqualTypeOf<{ host: string; db: number }>();
  expectTypeOf(plain).toExtend<RedisOptions>();
  expectTypeOf(plain).toExtend<RedisOptions5>();
  expectTypeOf(plain).toExtend<BullOptions>();
  const cluster = withEntra(manager, { scaleReads: 'slave' as const, redisOptions: { db: 0 } });
  expectTypeOf(cluster).toExtend<ClusterOptions>();
  expectTypeOf(cluster).toExtend<ClusterOptions5>();
  expect({ ...plain, ...cluster }).toMatchObject({ host: 'localhost', db: 1, scaleReads: 'slave' });
});

test('options are not changed', () => {
  const options = { host: 'localhost', redisOptions: { db: 1 } };
  withEntra(new Identity().manager, options);
  expect(options).toEqual({ host: 'localhost', redisOptions: { db: 1 } });
});

test('attach takes the clients of every version', () => {
  expectTypeOf(attach).parameter(1).toExtend<object>();
  expectTypeOf<Redis | Redis5 | Cluster5>().toExtend<Parameters<typeof attach>[1]>();
});

test('a mistake is a type error at the option that is wrong, for one server and for a cluster', () => {
  const { manager } = new Identity();
  const calls = [
    // @ts-expect-error a misspelled option alone
    () => withEntra(manager, { hostt: 'cache.example' }),
    () =>
      withEntra(manager, {
        host: 'cache.example',
        // @ts-expect-error beside others
        prot: 10000,
      }),
    () =>
      withEntra(manager, {
        scaleReads: 'slave',
        // @ts-expect-error of a cluster
        slotsRefreshTimeot: 5000,
      }),
    () =>
      withEntra(manager, {
        redisOptions: {
          connectTimeout: 5000,
          // @ts-expect-error of its nodes
          lazyConect: true,
        },
      }),
  ];
  for (const call of calls) expect(call).toThrow('ioredis has no such option');
  // @ts-expect-error a value of a wrong type
  withEntra(manager, { host: 1 });
  // @ts-expect-error a value that is none of those that there are
  withEntra(manager, { scaleReads: 'salve' });
});

test.each(versions)('the manager in place of the options of $version is an error', ({ module }) => {
  const { manager } = new Identity();
  // @ts-expect-error the manager is not options
  expect(() => new module.Redis(manager)).toThrow('options are the token manager itself: write new Redis(withEntra(');
  // @ts-expect-error the manager is not options
  expect(() => new module.Redis(6379, manager)).toThrow('options are the token manager itself');
});

test('callbacks have their types, and names of BullMQ, Fastify and NestJS are no mistake', () => {
  const { manager } = new Identity();
  const options = withEntra(manager, {
    retryStrategy: (attempt) => attempt * 10,
    redisOptions: { reconnectOnError: (error) => error.message.startsWith('READONLY') },
    dnsLookup: (hostname, done) => done(null, hostname),
  });
  expectTypeOf(options.retryStrategy).parameter(0).toEqualTypeOf<number>();
  const bull: BullOptions = { host: 'cache.example', skipVersionCheck: true };
  expectTypeOf(withEntra(manager, bull)).toEqualTypeOf<BullOptions>();
  expectTypeOf(withEntra(manager, { url: 'redis://localhost', namespace: 'a' })).toExtend<BullOptions>();
});

type Words<Line> = Line extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Line;

test('every option of every version is known', () => {
  type Known = Words<(typeof optionNames)[number]>;
  expectTypeOf<
    Exclude<keyof RedisOptions | keyof ClusterOptions | keyof RedisOptions5 | keyof ClusterOptions5, Known>
  >().toBeNever();
});
