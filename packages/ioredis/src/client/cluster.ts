import type { TokenManager } from '@entra-redis/token-manager';
import type { ClusterOptions } from 'ioredis';
import { nodesOfClusters } from './adoption.ts';
import type { ClusterInstance } from './client-internals.ts';
import type { EntraSettings } from './connector.ts';
import { turnOnTls } from '../tls.ts';
import { tokenWithin } from '../connection/connect-after-token.ts';

const { lookup } = process.getBuiltinModule('node:dns');
const { isIP } = process.getBuiltinModule('node:net');

type DnsLookup = NonNullable<ClusterOptions['dnsLookup']>;

interface ClusterState {
  /** Aborts when the cluster is closed: its lookups would hold the process. */
  closed: AbortController;
  /** What its startup nodes were looked up by, by address. */
  readonly names: Map<string, string>;
}

/** Lookups that wait for a token. */
const waitingLookups = new WeakSet<DnsLookup>();

/** By the options of the cluster, which each has of its own, and calls the lookup as a method of. */
const states = new WeakMap<object, ClusterState>();

/** Makes a cluster that connects wait for a token, learn the names of its nodes, and stop looking them up when it is closed. */
export function joinCluster(cluster: ClusterInstance, { manager, transport }: EntraSettings): void {
  const { options } = cluster;
  const known = states.get(options);
  if (known !== undefined) {
    known.closed = new AbortController();
    return;
  }
  const state: ClusterState = { closed: new AbortController(), names: new Map() };
  states.set(options, state);
  options.dnsLookup = dnsLookupFor(manager, options);
  cluster.on('disconnecting', () => state.closed.abort(new Error('The cluster was closed')));
  // A cluster announces addresses of its nodes, where their certificates may be for the name that it was found by.
  const nameOf = (address: string): string | undefined =>
    state.names.get(address) ?? state.names.values().next().value ?? firstName(cluster);
  cluster.on('+node', (node) => {
    nodesOfClusters.add(node);
    try {
      turnOnTls(node.options, transport, nameOf);
    } catch {
      // The node tells the same when it connects, where it reaches the commands.
    }
  });
}

function firstName({ startupNodes }: ClusterInstance): string | undefined {
  return startupNodes.map((node) => node?.host).find((host) => host !== undefined && !isIP(host));
}

/**
 * A cluster looks its startup nodes up before it connects: the moment to wait for the first token, which the one second of
 * `slotsRefreshTimeout` would not allow later, and to learn the name that the certificates are for.
 */
function dnsLookupFor(manager: TokenManager, { dnsLookup = lookup, redisOptions }: ClusterOptions): DnsLookup {
  // A duplicate has the one of the cluster that it was made from.
  if (waitingLookups.has(dnsLookup)) return dnsLookup;
  const connectTimeout = redisOptions?.connectTimeout ?? 10_000;
  const lookUp = async (caller: object, hostname: string, callback: Parameters<DnsLookup>[1]): Promise<void> => {
    const state = states.get(caller);
    const closed = state?.closed.signal;
    try {
      // A failure is reported by the nodes, which ask again when they connect.
      await tokenWithin(connectTimeout, manager, closed).catch(() => {});
      closed?.throwIfAborted();
      dnsLookup.call(caller, hostname, (error, address) => {
        if (address) state?.names.set(address, hostname);
        callback(error, address);
      });
    } catch (error) {
      callback(error as NodeJS.ErrnoException, '');
    }
  };
  const waiting: DnsLookup = function (this: object, hostname, callback) {
    void lookUp(this, hostname, callback);
  };
  waitingLookups.add(waiting);
  return waiting;
}
