import { adapterOptions, type TokenManager } from '@entra-redis/token-manager';
import type { RedisOptions } from 'ioredis';
import { prototypeOf } from './client/loaded-copies.ts';
import { optionProblem, wrongKind } from './errors.ts';
import { hookClusters, hookInstances, loginOf, markedOptions } from './client/connect-hooks.ts';
import type { ClusterInstance, Instance } from './client/client-internals.ts';
import { turnOnTls, type Transport } from './tls.ts';
import { entraOptions, rejectCredentials, type EntraOptions } from './with-entra.ts';

/** A Redis or Cluster of any copy of ioredis. */
export interface IoredisClient {
  readonly status: string;
  readonly options: object;
  connect(): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
}

/**
 * Does the same as `withEntra`, for a client that exists already: one of a copy of ioredis that could not be found,
 * or one that a library constructs. The client must not have started to connect without the options of `withEntra`: construct it
 * with `lazyConnect: true`. The duplicates of `client` and its copy of ioredis are covered too.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION if `client` is not a client, is connecting with other options, or has a user name or
 * password; ERR_PLAIN_TEXT.
 */
export function attach(manager: TokenManager, client: IoredisClient, entra: EntraOptions = {}): void {
  const transport: Transport = adapterOptions(manager, entra);
  const instance = client as Partial<Instance & ClusterInstance> | null | undefined;
  if (instance?.isCluster) return attachCluster(manager, instance as ClusterInstance, transport);
  if (instance?.silentEmit === undefined) throw wrongKind('client', 'a Redis or a Cluster of ioredis', client);
  assertAttachable(instance as Instance);
  attachInstance(manager, instance as Instance, transport, false);
}

/** A listener is enough for a cluster, however often it is attached. */
const attached = new WeakSet<ClusterInstance>();

function attachCluster(manager: TokenManager, cluster: ClusterInstance, transport: Transport): void {
  const nodes = cluster.nodes('all');
  const { options } = cluster;
  const { redisOptions = {} } = options;
  // Before anything is changed.
  nodes.forEach(assertAttachable);
  const added =
    loginOf(redisOptions) !== undefined
      ? {}
      : { ...entraOptions(manager, transport, redisOptions, true), ...markedOptions };
  for (const node of nodes) attachInstance(manager, node, transport, true);
  hookClusters(prototypeOf(cluster, 'nodes'));
  // Read again for each sharded subscriber, and by duplicates; nodes were given a copy.
  options.redisOptions = { ...redisOptions, ...added };
  // It may be connecting already.
  loginOf(options.redisOptions)?.join(cluster);
  if (attached.has(cluster)) return;
  attached.add(cluster);
  cluster.on('+node', (node) => {
    try {
      attachInstance(manager, node, transport, true);
    } catch (error) {
      // Thrown from here it would reach no caller, and leave the cluster waiting forever.
      refuseToConnect(node, error as Error);
    }
  });
}

/** Of a node, and of the duplicates of it by which ioredis looks at the slots. */
function refuseToConnect({ connector, options }: Instance, problem: Error): void {
  connector.connect = () => Promise.reject(problem);
  options.Connector = function RefusedConnector() {
    return connector;
  };
}

/** Throws for a client that is connecting, or has other credentials, without our options. */
function assertAttachable({ options, status }: Instance): void {
  if (loginOf(options) !== undefined) return;
  if (['connecting', 'connect', 'ready', 'monitoring'].includes(status)) {
    throw optionProblem('client', `attach() comes too late, it is ${status}; construct it with lazyConnect: true`);
  }
  rejectCredentials(options as RedisOptions);
}

function attachInstance(manager: TokenManager, instance: Instance, transport: Transport, inCluster: boolean): void {
  const { options } = instance;
  hookInstances(prototypeOf(instance, 'silentEmit'));
  if (loginOf(options) === undefined) {
    const added = entraOptions(manager, transport, options as RedisOptions, inCluster);
    turnOnTls(options, transport);
    Object.assign(options, added, markedOptions);
  }
  loginOf(options)?.adopt(instance);
}
