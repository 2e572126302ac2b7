import { withEntra } from '@entra-redis/ioredis';
import type { TokenManager } from '@entra-redis/token-manager';
import type { ConnectOptions, Driver, Session } from '../driver.ts';
import type { Endpoint } from '../targets/types.ts';
import { allBut } from './capabilities.ts';
import type { ClosedClients } from './closed-clients.ts';
import { openQueue } from './ioredis-queue.ts';
import { type IoredisCopy, ioredisOptions } from './ioredis-copies.ts';
import { IoredisSession } from './ioredis-session.ts';
import { type Managing, startManaged } from './managed-application.ts';

function open(
  { Redis, Cluster }: IoredisCopy,
  manager: TokenManager,
  endpoint: Endpoint,
  options: ConnectOptions,
  closed: ClosedClients,
): Session {
  const plain = ioredisOptions(endpoint, options);
  const { host, port, ...rest } = plain;
  if (options.userInfo !== undefined) {
    const { username, password } = options.userInfo;
    // ioredis reads a URL only where it constructs the client, so that the adapter meets it there.
    return new IoredisSession(
      new Redis(`redis://${username}:${password}@${host}:${port}`, withEntra(manager, rest)),
      closed,
    );
  }
  if (endpoint.topology === 'cluster') {
    const scaleReads = options.readReplicas === true ? { scaleReads: 'slave' as const } : {};
    const common = { slotsRefreshTimeout: 5000, ...scaleReads };
    if (options.rootOnly === true)
      return new IoredisSession(
        new Cluster([withEntra(manager, { host, port })], { ...common, redisOptions: rest }),
        closed,
      );
    return new IoredisSession(
      new Cluster([{ host, port }], withEntra(manager, { ...common, redisOptions: rest })),
      closed,
    );
  }
  if (endpoint.topology === 'sentinel') {
    const sentinel = { ...rest, sentinels: [{ host, port }], name: endpoint.masterName as string };
    return new IoredisSession(new Redis(withEntra(manager, sentinel)), closed);
  }
  return new IoredisSession(new Redis(withEntra(manager, plain)), closed);
}

export const ioredisDriver = (copy: IoredisCopy, managing?: Managing): Driver => ({
  name: 'ioredis',
  clientVersion: copy.version,
  capabilities: allBut({
    pool: 'ioredis has no pool',
    'queue-limit': 'ioredis has no limit',
    'maintenance-notifications': 'ioredis does not ask for them',
  }),
  resp: copy.resp,
  closeWays: ['disconnect', 'quit'],
  start: (options) =>
    startManaged(
      options,
      {
        open: (manager, endpoint, connect, closed) => open(copy, manager, endpoint, connect, closed),
        openQueue: (manager, endpoint, name) =>
          openQueue(copy, withEntra(manager, ioredisOptions(endpoint, { resp: 2 })), name),
      },
      managing,
    ),
});
