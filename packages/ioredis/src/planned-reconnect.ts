import { channel } from 'node:diagnostics_channel';
import type { ConnectionIdentity } from '@entra-redis/token-manager';
import type { Instance } from './internals.ts';

/** Published when a connection is replaced because its token is about to expire. Holds no secret. */
export interface PlannedReconnect {
  readonly connection: ConnectionIdentity;
  /** `blocked`: a command kept AUTH from being answered in time. `subscriber`: AUTH between subscriptions did not succeed. */
  readonly reason: 'blocked' | 'subscriber' | 'monitor';
}

const plannedReconnects = channel('entra-redis:planned-reconnect');

/**
 * Replaces the socket before the server cuts it. ioredis closes its side first and takes what the server still sends, then
 * connects, logs in with the newest token, subscribes again and sends again what was not answered.
 */
export function reconnect(instance: Instance, event: PlannedReconnect): void {
  const { options, stream } = instance;
  const { retryStrategy, maxRetriesPerRequest } = options;
  // A planned reconnect is no failure: it waits for nothing, counts as no retry and ends no cluster node.
  options.retryStrategy = () => 0;
  options.maxRetriesPerRequest = null;
  // Called after the listener of ioredis, which reads both options.
  stream?.once('close', () => {
    Object.assign(options, { retryStrategy, maxRetriesPerRequest });
  });
  plannedReconnects.publish(event);
  instance.disconnect(true);
}
