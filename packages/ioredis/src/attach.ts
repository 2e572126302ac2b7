import { adapterOptions, type TokenManager } from '@entra-redis/token-manager';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import { dnsLookupFor } from './cluster.ts';
import { hookInstances, prototypeOf } from './copies.ts';
import { invalidOption } from './errors.ts';
import type { Instance } from './internals.ts';
import { adoptionOf } from './placeholder.ts';
import { secure, type Transport } from './tls.ts';
import { assertOptions, placeholders, rejectCredentials, type EntraOptions } from './with-entra.ts';

/** A Redis or Cluster of any copy of ioredis. */
export interface IoredisClient {
  readonly status: string;
  readonly options: object;
  connect(): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
}

interface ClusterInstance {
  readonly isCluster: true;
  readonly options: Omit<ClusterOptions, 'redisOptions'> & { redisOptions?: object };
  nodes(role: 'all'): Instance[];
  on(event: '+node', listener: (node: Instance) => void): unknown;
}

/**
 * Does for a client that exists what `withEntra` does for options: for a client of a copy of ioredis that could not be found,
 * or one that somebody else constructs. The client must not be connecting without the options of `withEntra`: construct it
 * with `lazyConnect: true`. The duplicates of `client` and its copy of ioredis are covered too.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION where the client is connecting with other options, or has a user name or password;
 * ERR_PLAIN_TEXT.
 */
export function attach(manager: TokenManager, client: IoredisClient, entra: EntraOptions = {}): void {
  const transport: Transport = { ...adapterOptions(manager, entra), names: new Map() };
  assertOptions(client?.options);
  const instance = client as unknown as Instance | ClusterInstance;
  if ('isCluster' in instance && instance.isCluster) return attachCluster(manager, instance, transport);
  assertFree(instance as Instance);
  attachInstance(manager, instance as Instance, transport);
}

function attachCluster(manager: TokenManager, cluster: ClusterInstance, transport: Transport): void {
  const nodes = cluster.nodes('all');
  // Before anything is changed.
  nodes.forEach(assertFree);
  const { options } = cluster;
  options.dnsLookup = dnsLookupFor(manager, transport, options);
  // Read again for each sharded subscriber; nodes were given a copy.
  options.redisOptions = { ...options.redisOptions, ...placeholders(manager) };
  // Emitted before the node connects.
  cluster.on('+node', (node) => attachInstance(manager, node, transport));
  for (const node of nodes) attachInstance(manager, node, transport);
}

/** Throws for a client that is connecting, or has other credentials, without our options. */
function assertFree({ options, status }: Instance): void {
  if (adoptionOf(options.password)) return;
  if (['connecting', 'connect', 'ready', 'monitoring'].includes(status)) {
    throw invalidOption('client', `attach() comes too late, it is ${status}; construct it with lazyConnect: true`);
  }
  rejectCredentials(options as RedisOptions);
}

function attachInstance(manager: TokenManager, instance: Instance, transport: Transport): void {
  hookInstances(prototypeOf(instance));
  if (!adoptionOf(instance.options.password)) {
    secure(instance.options, transport);
    Object.assign(instance.options, placeholders(manager));
  }
  adoptionOf(instance.options.password)?.(instance);
}
