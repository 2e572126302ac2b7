import type { ConnectOptions } from '../../driver/driver.ts';
import type { Endpoint } from '../../targets/target.ts';
import type { NodeRedisClient } from './session.ts';

type Create = (options: object, more?: object) => NodeRedisClient;
/** The functions of one copy, whose option types differ from major to major. */
export interface NodeRedisCopy {
  readonly version: string;
  readonly createClient: Create;
  readonly createCluster: Create;
  /** Left out by redis 5.0. */
  readonly createClientPool?: Create;
  readonly createSentinel: Create;
}

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: boolean;
  readonly ca?: string;
  readonly servername?: string;
  readonly reconnectStrategy: (retries: number) => number;
}
export interface ClientOptions {
  readonly url?: string;
  readonly name?: string;
  readonly disableOfflineQueue?: boolean;
  readonly commandsQueueMaxLength?: number;
  readonly maintNotifications?: 'disabled';
  readonly socket: SocketOptions;
}

/** The options of one socket. */
export function socketOptions({ host, port, ca, servername }: Endpoint): SocketOptions {
  const tls = ca === undefined ? {} : { tls: true, ca, ...(servername === undefined ? {} : { servername }) };
  return { host, port, ...tls, reconnectStrategy: (retries: number) => Math.min(50 * (retries + 1), 300) };
}

/** The options of one connection, without credentials. `RESP` is left to the caller: where it belongs differs. */
export function clientOptions(endpoint: Endpoint, options: ConnectOptions): ClientOptions {
  const { host, port } = endpoint;
  const { name, offlineQueue, queueLimit, userInfo } = options;
  const notifications = options.resp === 3 && options.maintenanceNotifications !== true;
  return {
    ...(name === undefined ? {} : { name }),
    ...(userInfo === undefined ? {} : { url: `redis://${userInfo.username}:${userInfo.password}@${host}:${port}` }),
    ...(offlineQueue === false ? { disableOfflineQueue: true } : {}),
    ...(queueLimit === undefined ? {} : { commandsQueueMaxLength: queueLimit }),
    ...(notifications ? { maintNotifications: 'disabled' } : {}),
    socket: socketOptions(endpoint),
  };
}
