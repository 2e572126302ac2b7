import type { ConnectOptions } from '../../driver/driver.ts';
import type { Endpoint } from '../../targets/target.ts';

export interface ConnectionOptions {
  host: string;
  port: number;
  tls?: { ca: string; servername?: string };
  protocol?: 2 | 3;
  connectionName?: string;
  enableOfflineQueue?: boolean;
  retryStrategy(times: number): number;
}

/** The same behind sentinels. */
export type SentinelOptions = Omit<ConnectionOptions, 'host' | 'port'> & {
  sentinels: { host: string; port: number }[];
  name: string;
};

/** The options of one connection, without credentials. */
export function ioredisOptions(endpoint: Endpoint, options: ConnectOptions): ConnectionOptions {
  const { resp, name, offlineQueue, defaultProtocol } = options;
  const { host, port, ca, servername } = endpoint;
  const tls = ca === undefined ? {} : { tls: { ca, ...(servername === undefined ? {} : { servername }) } };
  return {
    host,
    port,
    ...tls,
    ...(defaultProtocol === true ? {} : { protocol: resp }),
    ...(name === undefined ? {} : { connectionName: name }),
    ...(offlineQueue === false ? { enableOfflineQueue: false } : {}),
    retryStrategy: (times: number) => Math.min(50 * times, 300),
  };
}
