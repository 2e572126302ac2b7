import { type RedisServer, startRedisServer } from '@entra-redis/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startGate } from '../../src/gate/start-gate.ts';
import type { Gate, GateOptions, WireEntry } from '../../src/types.ts';
import { passwords, plain, RawClient } from '../cache/helpers.ts';

export const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.';
export const NOAUTH = '-NOAUTH Authentication required.';

/** One real server for the tests of a file, and a gate before it for each test. */
export interface Bench {
  readonly redis: RedisServer;
  readonly gate: Gate;
  /** Another gate, closed after the test. */
  open(options?: Partial<GateOptions>): Promise<Gate>;
  /** A bare client of the gate, or of whatever listens on `port`. */
  client(port?: number): RawClient;
  /** One that has logged in; `until`: epoch ms at which its token expires. */
  loggedIn(until?: number): Promise<RawClient>;
  entries(event: WireEntry['event']): readonly WireEntry[];
}

/** `logins`: what is not recorded is passed on without being decoded. */
export const recordings = ['all', 'logins'] as const;

export function bench(record: (typeof recordings)[number] = 'all'): Bench {
  let redis: RedisServer | undefined;
  let gates: Gate[] = [];
  let clients: RawClient[] = [];
  const made: Bench = {
    get redis(): RedisServer {
      if (redis === undefined) throw new Error('only inside a test');
      return redis;
    },
    get gate(): Gate {
      const [first] = gates;
      if (first === undefined) throw new Error('only inside a test');
      return first;
    },
    async open(options: Partial<GateOptions> = {}): Promise<Gate> {
      const gate = await startGate({ verifier: passwords, upstream: made.redis, record, ...options });
      gates.push(gate);
      return gate;
    },
    client(port = made.gate.port): RawClient {
      const client = new RawClient(port);
      clients.push(client);
      return client;
    },
    async loggedIn(until?: number): Promise<RawClient> {
      const client = made.client();
      const password = until === undefined ? 'secret' : `secret:${until}`;
      expect(plain(await client.call('AUTH', 'oid', password))).toBe('+OK');
      return client;
    },
    entries: (event: WireEntry['event']) => made.gate.timeline.entries.filter((entry) => entry.event === event),
  };
  beforeAll(async () => {
    redis = await startRedisServer();
  });
  beforeEach(async () => {
    await made.open();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await Promise.all(gates.map((gate) => gate.close()));
    [gates, clients] = [[], []];
  });
  afterAll(async () => {
    await redis?.[Symbol.asyncDispose]();
  });
  return made;
}

/** The next `count` replies as plain data. */
export async function replies(client: RawClient, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  while (found.length < count) found.push(plain(await client.next()));
  return found;
}
