import type { TokenManager } from '@entra-redis/token-manager';
import { hookInstances, prototypeOf } from './copies.ts';
import { invalidOption } from './errors.ts';
import type { Instance } from './internals.ts';
import { adoptionOf } from './placeholder.ts';
import { secure } from './tls.ts';
import { placeholders, type EntraOptions } from './with-entra.ts';

/** A Redis or Cluster of any copy of ioredis. */
export interface IoredisClient {
  readonly status: string;
  readonly options: object;
  connect(): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
}

interface ClusterInstance {
  readonly isCluster: true;
  readonly options: { redisOptions?: object };
  nodes(role: 'all'): Instance[];
  on(event: '+node', listener: (node: Instance) => void): unknown;
}

/**
 * Does for a client that exists what `withEntra` does for options: for a client of a copy of ioredis that could not be found,
 * or one that somebody else constructs. The client must not be connecting without the options of `withEntra`: construct it
 * with `lazyConnect: true`. The duplicates of `client` and its copy of ioredis are covered too.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION where the client is connecting with other options; ERR_PLAIN_TEXT.
 */
export function attach(manager: TokenManager, client: IoredisClient, entra: EntraOptions = {}): void {
  const instance = client as unknown as Instance | ClusterInstance;
  if (!('isCluster' in instance && instance.isCluster)) return attachInstance(manager, instance as Instance, entra);
  // Read again for each sharded subscriber; nodes were given a copy.
  instance.options.redisOptions = { ...instance.options.redisOptions, ...placeholders(manager) };
  // Emitted before the node connects.
  instance.on('+node', (node) => attachInstance(manager, node, entra));
  for (const node of instance.nodes('all')) attachInstance(manager, node, entra);
}

function attachInstance(manager: TokenManager, instance: Instance, entra: EntraOptions): void {
  hookInstances(prototypeOf(instance));
  if (!adoptionOf(instance.options.password)) {
    if (['connecting', 'connect', 'ready', 'monitoring'].includes(instance.status)) {
      throw invalidOption(
        'client',
        `attach() comes too late, it is ${instance.status}; construct it with lazyConnect: true`,
      );
    }
    secure(instance.options, { allowPlainText: entra.allowPlainText ?? false, names: new Map() });
    Object.assign(instance.options, placeholders(manager));
  }
  adoptionOf(instance.options.password)?.(instance);
}
