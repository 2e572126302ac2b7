import type { RedisOptions as BullOptions } from 'bullmq';
import type { ClusterOptions, Redis, RedisOptions } from 'ioredis';
import type {
  Cluster as Cluster5,
  ClusterOptions as ClusterOptions5,
  Redis as Redis5,
  RedisOptions as RedisOptions5,
} from 'ioredis-5';
import { expect, expectTypeOf, test } from 'vitest';
import { attach, withEntra } from '../src/index.ts';
import { Identity } from './support.ts';

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
