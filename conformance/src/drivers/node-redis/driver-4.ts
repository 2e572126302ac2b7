import { handOverOnRefresh, withEntra } from '@entra-redis/node-redis/v4';
import type { TokenManager } from '@entra-redis/token-manager';
import type { ConnectOptions, Driver, Session } from '../../driver/driver.ts';
import type { Endpoint } from '../../targets/target.ts';
import { allBut } from '../capabilities.ts';
import type { ClosedClients } from '../closed-clients.ts';
import { copyOf } from '../copied-options.ts';
import { type Managing, startManaged } from '../managed-application.ts';
import { type NodeRedis4Copy, nodeRedisElsewhere } from './copies.ts';
import { clientOptions, socketOptions } from './options.ts';
import { NodeRedisSession } from './session.ts';
import { clientWording, cluster4Wording } from './wording.ts';

function open(
  copy: NodeRedis4Copy,
  manager: TokenManager,
  endpoint: Endpoint,
  options: ConnectOptions,
  closed: ClosedClients,
): Session {
  const plain = clientOptions(endpoint, options);
  const bound = withEntra(copy.module, manager, plain as object);
  if (endpoint.topology === 'cluster') {
    const { host: _host, port: _port, ...socket } = socketOptions(endpoint);
    const { rootOnly = false } = options;
    const bind = (when: boolean, unbound: object): object =>
      when ? withEntra(copy.module, manager, unbound) : unbound;
    const defaults = bind(!rootOnly, { ...plain, socket });
    const rootNodes = [bind(rootOnly, { socket: socketOptions(endpoint) })];
    const replicas = options.readReplicas === true ? { useReplicas: true } : {};
    return new NodeRedisSession(copy.createCluster({ rootNodes, defaults, ...replicas }), cluster4Wording, {
      closed,
    });
  }
  return new NodeRedisSession(copy.createClient(copyOf(bound, options)), clientWording, {
    ...(options.defaultProtocol === true ? {} : { subscribed: handOverOnRefresh as never }),
    closed,
  });
}

export const nodeRedis4Driver = (copy: NodeRedis4Copy, managing?: Managing): Driver => ({
  name: 'node-redis',
  clientVersion: copy.version,
  capabilities: allBut({
    bullmq: 'BullMQ is built on ioredis',
    'blocked-resent': 'a reconnect of node-redis rejects what was sent',
    'outage-keeps-queue': 'redis 4 rejects what waits whenever a login fails',
    monitor: 'redis 4 has no monitor mode',
    sentinel: 'redis 4 has no sentinel client',
    pool: 'redis 4 has no pool beside its isolation pool, which scenarios cannot reach by plain commands',
    'options-changed': 'a socket of node-redis takes its options when the client is made',
    'resp3-subscriber-reauth': 'redis 4 speaks RESP2 alone',
    'maintenance-notifications': 'redis 4 has none',
  }),
  capabilitiesIn: nodeRedisElsewhere(copy.version),
  resp: [2],
  closeWays: ['disconnect', 'quit'],
  start: (options) => startManaged(options, { open: (...given) => open(copy, ...given) }, managing),
});
