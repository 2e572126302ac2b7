import { withEntra } from '@entra-redis/ioredis';
import { Cluster, Redis } from 'ioredis';
import * as ioredis5 from 'ioredis-5';
import packageOf5 from 'ioredis-5/package.json' with { type: 'json' };
import packageOf6 from 'ioredis/package.json' with { type: 'json' };
import type { Endpoint } from '../targets/types.ts';
import type { Driver, Session } from '../types.ts';
import { describeClient, describeError } from './secrets.ts';

interface Copy {
  readonly version: string;
  readonly Redis: typeof Redis;
  readonly Cluster: typeof Cluster;
  /** ioredis 6 speaks RESP3. */
  readonly resp: readonly (2 | 3)[];
}

const copies: readonly Copy[] = [
  { version: packageOf6.version, Redis, Cluster, resp: [2, 3] },
  {
    version: packageOf5.version,
    Redis: ioredis5.Redis as unknown as typeof Redis,
    Cluster: ioredis5.Cluster as unknown as typeof Cluster,
    resp: [2],
  },
];

const capabilities: Driver['capabilities'] = {
  duplicate: true,
  pipeline: true,
  transaction: true,
  'manual-transaction': true,
  blocking: true,
  subscribe: true,
  'resp3-subscriber-reauth': true,
  'resp2-subscriber-lossless': true,
  'waits-for-first-token': true,
  'offline-queue': true,
  cluster: true,
  sentinel: true,
};

type Client = Redis | Cluster;

class IoredisSession implements Session {
  readonly errors: string[] = [];
  readonly #client: Client;
  readonly #name: string | undefined;

  constructor(client: Client, name?: string) {
    this.#client = client;
    this.#name = name;
    client.on('error', (error: unknown) => this.errors.push(describeError(error)));
  }

  get connected(): boolean {
    return this.#client.status === 'ready';
  }

  async ready(): Promise<void> {
    if (this.#client.status === 'ready') return;
    await new Promise<void>((resolve, reject) => {
      this.#client.once('ready', () => resolve());
      this.#client.once('end', () =>
        reject(new Error(`ioredis gave up (${this.#name ?? 'unnamed'}): ${this.errors.at(-1) ?? ''}`)),
      );
    });
  }

  command(name = '', ...args: string[]): Promise<unknown> {
    return (this.#client as Redis).call(name, ...args);
  }

  async pipeline(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const pipeline = this.#client.pipeline();
    for (const [name = '', ...args] of commands) pipeline.call(name, ...args);
    return unwrap(await pipeline.exec());
  }

  async transaction(commands: readonly (readonly string[])[]): Promise<unknown[]> {
    const multi = this.#client.multi();
    for (const [name = '', ...args] of commands) multi.call(name, ...args);
    return unwrap(await multi.exec());
  }

  async subscribe(channel: string, onMessage: (message: string) => void): Promise<void> {
    this.#client.on('message', (from: string, message: string) => {
      if (from === channel) onMessage(message);
    });
    await this.#client.subscribe(channel);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.#client.unsubscribe(channel);
  }

  duplicate(): Session {
    return new IoredisSession((this.#client as Redis).duplicate());
  }

  describe(): string {
    return describeClient(this.#client, this.#client.options);
  }

  async close(): Promise<void> {
    this.#client.disconnect();
  }
}

function unwrap(replies: [Error | null, unknown][] | null): unknown[] {
  return (replies ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}

function connectionOptions(endpoint: Endpoint, resp: 2 | 3, name: string | undefined) {
  const { host, port, ca, servername } = endpoint;
  const tls = ca === undefined ? {} : { tls: { ca, ...(servername === undefined ? {} : { servername }) } };
  return {
    host,
    port,
    ...tls,
    protocol: resp,
    ...(name === undefined ? {} : { connectionName: name }),
    retryStrategy: (times: number) => Math.min(50 * times, 300),
  };
}

function driverFor({ version, Redis: RedisOf, Cluster: ClusterOf, resp: versions }: Copy): Driver {
  return {
    name: 'ioredis',
    clientVersion: version,
    capabilities,
    resp: versions,
    open(endpoint, manager, { resp, name }) {
      const options = connectionOptions(endpoint, resp, name);
      if (endpoint.topology === 'cluster') {
        const { host, port } = endpoint;
        const { host: _host, port: _port, ...redisOptions } = options;
        const cluster = withEntra(manager, { redisOptions, slotsRefreshTimeout: 5000 });
        return new IoredisSession(new ClusterOf([{ host, port }], cluster), name);
      }
      if (endpoint.topology === 'sentinel') {
        const { host, port, ...rest } = options;
        const sentinels = [{ host, port }];
        return new IoredisSession(
          new RedisOf(withEntra(manager, { ...rest, sentinels, name: endpoint.masterName as string })),
          name,
        );
      }
      return new IoredisSession(new RedisOf(withEntra(manager, options)), name);
    },
  };
}

export const ioredisDrivers: readonly Driver[] = copies.map(driverFor);
