import type { createClient, RedisClientOptions } from '@redis/client';
import type { createClient as createClient5, RedisClientOptions as RedisClientOptions5 } from '@redis/client-5';
import type { RedisClientOptions as RedisClientOptions50 } from '@redis/client-5-oldest';
import type * as redis from 'redis';
import type * as redis4 from 'redis-4';
import type * as redis5 from 'redis-5';
import { describe, expectTypeOf, test } from 'vitest';
import type { EntraCredentialsProvider, giveUpAfterRefusals, SubscriberClient } from '../src/index.ts';
import type { Redis4 } from '../src/v4.ts';

type Streaming<Options extends { credentialsProvider?: unknown }> = Extract<
  NonNullable<Options['credentialsProvider']>,
  { type: 'streaming-credentials-provider' }
>;

describe('the structural types fit', () => {
  test('the provider is a StreamingCredentialsProvider of 6, 5 and 5.0', () => {
    expectTypeOf<EntraCredentialsProvider>().toExtend<Streaming<RedisClientOptions>>();
    expectTypeOf<EntraCredentialsProvider>().toExtend<Streaming<RedisClientOptions5>>();
    expectTypeOf<EntraCredentialsProvider>().toExtend<Streaming<RedisClientOptions50>>();
    expectTypeOf<EntraCredentialsProvider>().toExtend<Streaming<redis.RedisClientOptions>>();
    expectTypeOf<EntraCredentialsProvider>().toExtend<Streaming<redis5.RedisClientOptions>>();
  });

  test('what node-redis calls is what the provider takes', () => {
    type Listener = Parameters<Streaming<RedisClientOptions>['subscribe']>[0];
    type Listener5 = Parameters<Streaming<RedisClientOptions5>['subscribe']>[0];
    expectTypeOf<Listener>().toExtend<Parameters<EntraCredentialsProvider['subscribe']>[0]>();
    expectTypeOf<Listener5>().toExtend<Parameters<EntraCredentialsProvider['subscribe']>[0]>();
  });

  test('clients of 5 and 6 can be handed over', () => {
    expectTypeOf<ReturnType<typeof createClient>>().toExtend<SubscriberClient>();
    expectTypeOf<ReturnType<typeof createClient5>>().toExtend<SubscriberClient>();
  });

  test('giveUpAfterRefusals() makes a reconnectStrategy of 4, 5 and 6', () => {
    type Strategy = ReturnType<typeof giveUpAfterRefusals>;
    type Of<Options extends { socket?: unknown }> = Extract<
      NonNullable<NonNullable<Options['socket']> extends { reconnectStrategy?: infer S } ? S : never>,
      (...args: never[]) => unknown
    >;
    expectTypeOf<Strategy>().toExtend<Of<RedisClientOptions>>();
    expectTypeOf<Strategy>().toExtend<Of<RedisClientOptions5>>();
    expectTypeOf<Strategy>().toExtend<Of<redis4.RedisClientOptions>>();
  });

  test('the module redis 4 is what withEntra() takes', () => {
    expectTypeOf<typeof redis4>().toExtend<Redis4>();
  });
});
