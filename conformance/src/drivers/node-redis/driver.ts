import { checkOptions, entraCredentials, handOverOnRefresh } from '@entra-redis/node-redis';
import type { Driver } from '../../driver/driver.ts';
import { allBut } from '../capabilities.ts';
import { type Managing, startManaged } from '../managed-application.ts';
import { nodeRedisElsewhere } from './copies.ts';
import { openNodeRedis } from './open.ts';
import type { NodeRedisCopy } from './options.ts';
import type { NodeRedisClient } from './session.ts';

export const nodeRedisDriver = (copy: NodeRedisCopy, managing?: Managing): Driver => ({
  name: 'node-redis',
  clientVersion: copy.version,
  capabilities: allBut({
    bullmq: 'BullMQ is built on ioredis',
    ...(copy.createClientPool === undefined && { pool: `redis ${copy.version} exports no createClientPool` }),
    'blocked-resent': 'a reconnect of node-redis rejects what was sent',
    'options-changed': 'a socket of node-redis takes its options when the client is made',
    'maintenance-notifications': 'refused: after a MOVING node-redis never reconnects',
  }),
  capabilitiesIn: nodeRedisElsewhere(copy.version),
  resp: [2, 3],
  closeWays: ['destroy', 'close', 'quit', 'disconnect'],
  start: (options) =>
    startManaged(
      options,
      {
        open: (manager, endpoint, connect, closed) => {
          const credentialsProvider = entraCredentials(manager);
          // What our README tells users of RESP2 subscribers; it does nothing for RESP3.
          const subscribed = (client: NodeRedisClient): void => void handOverOnRefresh(client as never);
          const after = { subscribed, closed };
          const check = <Options extends object>(given: Options): Options => checkOptions(given as object) as Options;
          return openNodeRedis({ copy, credentialsProvider, check, after }, endpoint, {
            ...connect,
            // Users leave them on; the adapter refuses them.
            maintenanceNotifications: true,
          });
        },
      },
      managing,
    ),
});
