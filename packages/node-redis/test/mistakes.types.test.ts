import type * as client50 from '@redis/client-5-oldest';
import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';
import * as redis6 from 'redis';
import * as redis4 from 'redis-4';
import * as redis5 from 'redis-5';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { checkOptions, entraCredentials } from '../src/index.ts';
import type {
  KnownClientOptions,
  KnownClusterOptions,
  KnownSentinelOptions,
  KnownSocketOptions,
} from '../src/known-options.ts';
import { withEntra } from '../src/v4.ts';

declare const manager: TokenManager;
declare const credentialsProvider: ReturnType<typeof entraCredentials>;
const url = 'rediss://cache.example:10000';
const socket = { host: 'cache.example', port: 10000, tls: true } as const;

describe('options of redis are all known', () => {
  type KeysOfEach<Union> = Union extends unknown ? keyof Union : never;
  type SocketKeys<Options extends { socket?: unknown }> = KeysOfEach<NonNullable<Options['socket']>>;

  test('a client', () => {
    expectTypeOf<keyof redis6.RedisClientOptions>().toExtend<keyof KnownClientOptions>();
    expectTypeOf<keyof redis5.RedisClientOptions>().toExtend<keyof KnownClientOptions>();
    expectTypeOf<keyof client50.RedisClientOptions>().toExtend<keyof KnownClientOptions>();
  });

  test('a socket', () => {
    expectTypeOf<SocketKeys<redis6.RedisClientOptions>>().toExtend<keyof KnownSocketOptions>();
    expectTypeOf<SocketKeys<redis5.RedisClientOptions>>().toExtend<keyof KnownSocketOptions>();
    expectTypeOf<SocketKeys<client50.RedisClientOptions>>().toExtend<keyof KnownSocketOptions>();
  });

  test('a cluster', () => {
    expectTypeOf<keyof redis6.RedisClusterOptions>().toExtend<keyof KnownClusterOptions>();
    expectTypeOf<keyof redis5.RedisClusterOptions>().toExtend<keyof KnownClusterOptions>();
    expectTypeOf<keyof client50.RedisClusterOptions>().toExtend<keyof KnownClusterOptions>();
  });

  test('a sentinel', () => {
    expectTypeOf<keyof redis6.RedisSentinelOptions>().toExtend<keyof KnownSentinelOptions>();
    expectTypeOf<keyof redis5.RedisSentinelOptions>().toExtend<keyof KnownSentinelOptions>();
    expectTypeOf<keyof client50.RedisSentinelOptions>().toExtend<keyof KnownSentinelOptions>();
  });
});

describe('a wrong name is an error at its place', () => {
  test('an option of a client, of its socket, of a pool', () => {
    const compiled = (): void => {
      // @ts-expect-error redis has no option urll
      redis6.createClient(checkOptions({ urll: url, credentialsProvider }));
      // @ts-expect-error redis has no option urll
      redis5.createClient(checkOptions({ urll: url, credentialsProvider }));
      // @ts-expect-error it is credentialsProvider
      redis6.createClient(checkOptions({ url, credentialProvider: credentialsProvider }));
      // @ts-expect-error it is host
      redis6.createClient(checkOptions({ socket: { hostt: 'cache.example', tls: true }, credentialsProvider }));
      // @ts-expect-error it is socket
      redis6.createClientPool(checkOptions({ sockett: socket, credentialsProvider }));
    };
    expect(compiled).toBeTypeOf('function');
  });

  test('an option of a cluster, of its root nodes, of its defaults', () => {
    const rootNodes = [{ url }];
    const compiled = (): void => {
      // @ts-expect-error it is useReplicas
      redis6.createCluster(checkOptions({ rootNodes, defaults: { credentialsProvider }, useReplica: true }));
      // @ts-expect-error redis has no option urll
      checkOptions({ rootNodes: [{ urll: url }], defaults: { credentialsProvider } });
      // @ts-expect-error redis has no option urll, in the second node either
      checkOptions({ rootNodes: [{ url }, { urll: url }], defaults: { credentialsProvider } });
      // @ts-expect-error it is socket
      redis5.createCluster(checkOptions({ rootNodes, defaults: { credentialsProvider, sockett: socket } }));
      // @ts-expect-error it is tls
      redis6.createCluster(checkOptions({ rootNodes, defaults: { credentialsProvider, socket: { tlss: true } } }));
    };
    expect(compiled).toBeTypeOf('function');
  });

  test('an option of a sentinel, of its nodes', () => {
    const nodes = { name: 'main', sentinelRootNodes: [{ host: '127.0.0.1', port: 1 }] };
    const compiled = (): void => {
      // @ts-expect-error it is nodeClientOptions
      redis6.createSentinel(checkOptions({ ...nodes, nodeClientOption: { credentialsProvider } }));
      // @ts-expect-error it is socket
      redis6.createSentinel(checkOptions({ ...nodes, nodeClientOptions: { credentialsProvider, sockett: socket } }));
      // @ts-expect-error it is host
      checkOptions({ ...nodes, sentinelRootNodes: [{ hostt: '127.0.0.1', port: 1 }] });
    };
    expect(compiled).toBeTypeOf('function');
  });

  test('an option of redis 4', () => {
    const compiled = (): void => {
      // @ts-expect-error redis has no option urll
      redis4.createClient(withEntra(redis4, manager, { urll: url }));
      // @ts-expect-error it is host
      redis4.createClient(withEntra(redis4, manager, { socket: { hostt: 'cache.example', tls: true } }));
      redis4.createClient(withEntra(redis4, manager, { url, socket: { tls: true, servername: 'cache.example' } }));
    };
    expect(compiled).toBeTypeOf('function');
  });

  test('what bare clients take is taken', () => {
    const options: redis6.RedisClientOptions = { url };
    const compiled = (): void => {
      redis6.createClient(checkOptions({ url, credentialsProvider, RESP: 3, socket: { reconnectStrategy: 1 } }));
      redis5.createClient(checkOptions({ url, credentialsProvider, RESP: 3, socket: { connectTimeout: 1 } }));
      redis6.createClient(checkOptions({ ...options, credentialsProvider }));
      redis6.createClient(checkOptions(options));
      redis5.createCluster(checkOptions({ rootNodes: [{ url }, { socket }], defaults: { credentialsProvider } }));
      redis6.createClientPool(checkOptions({ url, credentialsProvider }), { minimum: 1 });
    };
    expect(compiled).toBeTypeOf('function');
  });
});

describe('what belongs to another major is an error that says what to use', () => {
  test('checkOptions() for redis 4, which would log in without a token', () => {
    const compiled = (): void => {
      // @ts-expect-error redis 4 has no credentialsProvider: use withEntra()
      redis4.createClient(checkOptions({ url, credentialsProvider }));
      // @ts-expect-error redis 4 has no credentialsProvider: use withEntra()
      redis4.createCluster(checkOptions({ rootNodes: [{ url }], defaults: { credentialsProvider } }));
    };
    expect(compiled).toBeTypeOf('function');
  });

  test('withEntra() for redis 5 and 6', () => {
    const compiled = (): void => {
      // @ts-expect-error redis 5 and 6 take entraCredentials(manager)
      withEntra(redis5, manager, { url });
      // @ts-expect-error redis 5 and 6 take entraCredentials(manager)
      withEntra(redis6, manager, { url });
    };
    expect(compiled).toBeTypeOf('function');
  });
});

test('the manager in place of the options throws a sentence', () => {
  const made = createTokenManager({ requestToken: () => new Promise(() => undefined) });
  const versions: readonly ((options: never) => unknown)[] = [
    redis4.createClient,
    redis5.createClient,
    redis6.createClient,
  ];
  for (const create of versions) expect(() => create(made as never)).toThrow('options are the token manager itself');
});

test('the provider, or the manager, in place of the options is an error', () => {
  const compiled = (): void => {
    // @ts-expect-error it belongs into the option credentialsProvider
    redis6.createClient(credentialsProvider);
    // @ts-expect-error it belongs into the option credentialsProvider
    redis5.createClient(credentialsProvider);
    // @ts-expect-error redis 4 takes withEntra()
    redis4.createClient(credentialsProvider);
    // @ts-expect-error it belongs into entraCredentials()
    redis6.createClient(manager);
    // @ts-expect-error it belongs into entraCredentials()
    redis6.createClient({ url, credentialsProvider: manager });
    // @ts-expect-error options come without the provider
    redis6.createClient(checkOptions(credentialsProvider));
  };
  expect(compiled).toBeTypeOf('function');
});
