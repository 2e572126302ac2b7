import type { TokenManager } from '@entra-redis/token-manager';
import type { ClusterOptions } from 'ioredis';
import type { Transport } from './tls.ts';
import { tokenWithin } from './token-wait.ts';

const { lookup } = process.getBuiltinModule('node:dns');

const CLUSTER_ONLY = [
  'redisOptions',
  'clusterRetryStrategy',
  'clusterNodeRetryStrategy',
  'dnsLookup',
  'scaleReads',
  'maxRedirections',
  'retryDelayOnFailover',
  'retryDelayOnClusterDown',
  'retryDelayOnTryAgain',
  'retryDelayOnMoved',
  'slotsRefreshTimeout',
  'slotsRefreshInterval',
  'useSRVRecords',
  'resolveSrv',
  'shardedSubscribers',
] as const;

export function isClusterOptions(options: object): options is ClusterOptions {
  return CLUSTER_ONLY.some((name) => name in options);
}

/**
 * A cluster looks its startup nodes up before it connects: the moment to wait for the first token, which the one second of
 * `slotsRefreshTimeout` would not allow later, and to learn the name that the certificates are for.
 */
export function dnsLookupFor(
  manager: TokenManager,
  transport: Transport,
  { dnsLookup = lookup, redisOptions }: ClusterOptions,
): NonNullable<ClusterOptions['dnsLookup']> {
  const connectTimeout = redisOptions?.connectTimeout ?? 10_000;
  const lookUp = async (hostname: string, callback: Parameters<typeof dnsLookup>[1]): Promise<void> => {
    // A failure is reported by the nodes, which ask again when they connect.
    await tokenWithin(connectTimeout, manager).catch(() => {});
    dnsLookup(hostname, (error, address) => {
      if (address) transport.names.set(address, hostname);
      callback(error, address);
    });
  };
  return (hostname, callback) => void lookUp(hostname, callback);
}
