import type { Socket } from 'node:net';
import { publishPlannedReconnect, type PlannedReconnect } from '@entra-redis/token-manager';
import type { Instance } from '../client/client-internals.ts';

/**
 * Replaces the socket before the server cuts it. ioredis closes its side first and takes what the server still sends, then
 * connects, logs in with the newest token, subscribes again and sends again what was not answered.
 */
export function reconnectAsPlanned(instance: Instance, event: PlannedReconnect): void {
  if (instance.stream !== undefined) replaceSocket(instance, instance.stream);
  publishPlannedReconnect(event);
  instance.disconnect(true);
}

/** A planned reconnect is not a failure: it waits for nothing, rejects no command and ends no cluster node. */
function replaceSocket(instance: Instance, stream: Socket): void {
  const { options } = instance;
  const { retryStrategy, maxRetriesPerRequest } = options;
  // Changed only while the listener of ioredis reads them: nobody else sees it, `duplicate()` for one.
  stream.prependOnceListener('close', () => {
    Object.assign(options, { retryStrategy: () => 0, maxRetriesPerRequest: null });
  });
  stream.once('close', () => {
    Object.assign(options, { retryStrategy, maxRetriesPerRequest });
    rejectUnansweredAtEnd(instance);
  });
}

/**
 * Rejects what waits to be sent again, where the next connection fails before it is ready and `retryStrategy` ends the instance:
 * ioredis would forget it. The nodes of a cluster never retry; the cluster then sends it to another node. Without
 * `autoResendUnfulfilledCommands` ioredis forgets it in any case.
 */
function rejectUnansweredAtEnd(instance: Instance): void {
  if (instance.options.autoResendUnfulfilledCommands === false) return rejectUnanswered(instance);
  const onEnd = (): void => {
    instance.off('ready', onReady);
    rejectUnanswered(instance);
  };
  const onReady = (): void => void instance.off('end', onEnd);
  instance.once('end', onEnd);
  instance.once('ready', onReady);
}

function rejectUnanswered({ prevCommandQueue: queue }: Instance): void {
  for (let item = queue?.shift(); item !== undefined; item = queue?.shift()) {
    item.command.reject(new Error('Connection is closed.'));
  }
}
