import { withEntra } from '@entra-redis/ioredis';
import type { ClusterOptions } from 'ioredis';
import type { TokenManager } from '@entra-redis/token-manager';
import type { ConnectOptions, Driver, Session } from '../../driver/driver.ts';
import type { Endpoint } from '../../targets/target.ts';
import { allBut, missing } from '../capabilities.ts';
import type { ClosedClients } from '../closed-clients.ts';
import { copyOf } from '../copied-options.ts';
import { openQueue } from './queue.ts';
import type { IoredisCopy } from './copies.ts';
import { type ConnectionOptions, ioredisOptions, type SentinelOptions } from './options.ts';
import { IoredisSession } from './session.ts';
import { type Managing, startManaged } from '../managed-application.ts';

function open(
  { Redis, Cluster }: IoredisCopy,
  manager: TokenManager,
  endpoint: Endpoint,
  options: ConnectOptions,
  closed: ClosedClients,
): Session {
  const plain = ioredisOptions(endpoint, options);
  const { host, port, ...rest } = plain;
  const { userInfo } = options;
  // ioredis reads a URL only where it constructs the client, so that the adapter meets it there.
  const url = userInfo && `redis://${userInfo.username}:${userInfo.password}@${host}:${port}`;
  if (endpoint.topology === 'cluster') {
    const common = clusterOptions(options);
    const cluster =
      options.rootOnly === true
        ? new Cluster([withEntra(manager, { host, port })], { ...common, redisOptions: rest })
        : new Cluster([url ?? { host, port }], withEntra(manager, { ...common, redisOptions: rest }));
    return new IoredisSession(cluster, closed);
  }
  if (url !== undefined) return new IoredisSession(new Redis(url, withEntra(manager, rest)), closed);
  const bound = withEntra(manager, behindSentinels(endpoint, plain));
  return new IoredisSession(new Redis(copyOf(bound, options)), closed);
}

/** Unless it is one server. */
function behindSentinels(
  endpoint: Endpoint,
  { host, port, ...rest }: ConnectionOptions,
): ConnectionOptions | SentinelOptions {
  if (endpoint.topology !== 'sentinel') return { host, port, ...rest };
  return { ...rest, sentinels: [{ host, port }], name: endpoint.masterName as string };
}

function clusterOptions({ readReplicas, offlineQueue }: ConnectOptions): ClusterOptions {
  return {
    slotsRefreshTimeout: 5000,
    // ioredis 5.3 knows no such option.
    shardedSubscribers: true,
    ...(readReplicas === true ? { scaleReads: 'slave' } : {}),
    ...(offlineQueue === false ? { enableOfflineQueue: false } : {}),
  };
}

export const ioredisDriver = (copy: IoredisCopy, managing?: Managing): Driver => ({
  name: 'ioredis',
  clientVersion: copy.version,
  capabilities: allBut({
    pool: 'ioredis has no pool',
    'queue-limit': 'ioredis has no limit',
    'maintenance-notifications': 'ioredis does not ask for them',
  }),
  ...(copy.version === '5.3.2' && {
    capabilitiesIn: { cluster: missing({ 'sharded-subscribe': 'its cluster has one subscriber, of one node' }) },
  }),
  resp: copy.resp,
  closeWays: ['disconnect', 'quit'],
  start: (options) =>
    startManaged(
      options,
      {
        open: (...given) => open(copy, ...given),
        openQueue: (manager, endpoint, name) =>
          openQueue(copy, withEntra(manager, behindSentinels(endpoint, ioredisOptions(endpoint, { resp: 2 }))), name),
      },
      managing,
    ),
});
