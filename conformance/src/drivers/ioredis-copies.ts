import { Cluster, Redis } from 'ioredis';
import * as ioredis5 from 'ioredis-5';
import * as oldest5 from 'ioredis-5-oldest';
import packageOfOldest5 from 'ioredis-5-oldest/package.json' with { type: 'json' };
import packageOf5 from 'ioredis-5/package.json' with { type: 'json' };
import packageOf6 from 'ioredis/package.json' with { type: 'json' };
import type { ConnectOptions } from '../driver.ts';
import type { Endpoint } from '../targets/types.ts';

export interface IoredisCopy {
  readonly version: string;
  readonly Redis: typeof Redis;
  readonly Cluster: typeof Cluster;
  /** ioredis 6 speaks RESP3. */
  readonly resp: readonly (2 | 3)[];
}

const copyOf5 = (version: string, module: { Redis: unknown; Cluster: unknown }): IoredisCopy => ({
  version,
  Redis: module.Redis as typeof Redis,
  Cluster: module.Cluster as typeof Cluster,
  resp: [2],
});

/** The newest of each major, and the oldest that is supported. */
export const ioredisCopies: readonly IoredisCopy[] = [
  { version: packageOf6.version, Redis, Cluster, resp: [2, 3] },
  copyOf5(packageOf5.version, ioredis5),
  copyOf5(packageOfOldest5.version, oldest5),
];

export interface ConnectionOptions {
  host: string;
  port: number;
  tls?: { ca: string; servername?: string };
  protocol: 2 | 3;
  connectionName?: string;
  enableOfflineQueue?: boolean;
  retryStrategy(times: number): number;
}

/** The options of one connection, without credentials. */
export function ioredisOptions(endpoint: Endpoint, { resp, name, offlineQueue }: ConnectOptions): ConnectionOptions {
  const { host, port, ca, servername } = endpoint;
  const tls = ca === undefined ? {} : { tls: { ca, ...(servername === undefined ? {} : { servername }) } };
  return {
    host,
    port,
    ...tls,
    protocol: resp,
    ...(name === undefined ? {} : { connectionName: name }),
    ...(offlineQueue === false ? { enableOfflineQueue: false } : {}),
    retryStrategy: (times: number) => Math.min(50 * times, 300),
  };
}
