import type { ConnectOptions, Session } from '../../driver/driver.ts';
import type { Endpoint } from '../../targets/target.ts';
import { copyOf } from '../copied-options.ts';
import { clientOptions, type NodeRedisCopy, socketOptions } from './options.ts';
import { type After, type NodeRedisClient, NodeRedisSession } from './session.ts';
import { clientWording, clusterWording, sentinelWording } from './wording.ts';

export interface OpenWith {
  readonly copy: NodeRedisCopy;
  readonly credentialsProvider: unknown;
  /** Called with the options that are about to be used; throws where they are wrong. */
  readonly check: <Options extends object>(options: Options) => Options;
  readonly after?: After;
}

/** Opens a client, cluster, sentinel or pool of redis 5 or 6, whoever provides its credentials. */
export function openNodeRedis(
  { copy, credentialsProvider, check, after = {} }: OpenWith,
  endpoint: Endpoint,
  options: ConnectOptions,
): Session {
  const { resp: RESP, pool, defaultProtocol } = options;
  const { host, port } = endpoint;
  const plain = clientOptions(endpoint, options);
  // Hand-overs are for single clients.
  const closing = { closed: after.closed };
  if (endpoint.topology === 'cluster') {
    const { host: _host, port: _port, ...socket } = socketOptions(endpoint);
    const { socket: _socket, url: _url, ...rest } = plain;
    const root = {
      ...(plain.url === undefined ? { socket: socketOptions(endpoint) } : { url: plain.url }),
      ...(options.rootOnly === true ? { credentialsProvider } : {}),
    };
    // RESP also here, for the subscribers of redis 5.0.
    const defaults = { ...rest, RESP, socket, ...(options.rootOnly === true ? {} : { credentialsProvider }) };
    const cluster = {
      rootNodes: [root],
      defaults,
      RESP,
      ...(options.readReplicas === true ? { useReplicas: true } : {}),
    };
    return new NodeRedisSession(copy.createCluster(check(cluster)), clusterWording, closing);
  }
  if (endpoint.topology === 'sentinel') {
    const { host: _host, port: _port, ...socket } = socketOptions(endpoint);
    // For the subscribers of redis 5, which do not see that of the sentinel.
    const nodeClientOptions = { ...plain, socket, credentialsProvider, RESP };
    const sentinel = {
      name: endpoint.masterName,
      sentinelRootNodes: [{ host, port }],
      nodeClientOptions,
      // Without it a refused login is told by an event of its own alone.
      passthroughClientErrorEvents: true,
      RESP,
    };
    return new NodeRedisSession(copy.createSentinel(check(sentinel)), sentinelWording, closing);
  }
  if (defaultProtocol === true) {
    return new NodeRedisSession(copy.createClient(check({ ...plain, credentialsProvider })), clientWording, closing);
  }
  const whole = copyOf(check({ ...plain, RESP, credentialsProvider }), options);
  if (pool !== undefined) {
    const made = copy.createClientPool?.(whole, { ...pool, acquireTimeout: 5000 });
    return new NodeRedisSession(made as NodeRedisClient, clientWording);
  }
  return new NodeRedisSession(templateOf(copy, RESP).duplicate(whole), clientWording, after);
}

const templates = new WeakMap<NodeRedisCopy, Map<number, NodeRedisClient>>();

/**
 * Never connected. `createClient` makes a class of all commands for each client, unless its options are exactly those of the last one;
 * that takes 10 ms and more, for which all cases of a worker stand still. A duplicate has the class of its original.
 */
function templateOf(copy: NodeRedisCopy, RESP: 2 | 3): NodeRedisClient {
  const ofCopy = templates.get(copy) ?? new Map<number, NodeRedisClient>();
  templates.set(copy, ofCopy);
  const template = ofCopy.get(RESP) ?? copy.createClient({ RESP });
  ofCopy.set(RESP, template);
  return template;
}
