import { createAuthPolicy } from '../policy/auth-policy.ts';
import { checkCommonOptions, checkInteger } from '../policy/check-options.ts';
import { FaultList } from '../policy/faults.ts';
import { Announcer } from '../policy/maintenance.ts';
import { recorderFrom } from '../timeline/timeline.ts';
import type { CacheOptions, CacheServer, Endpoint } from '../types.ts';
import { moveKeys, moveSlot } from './move-slot.ts';
import { failOver } from './failover.ts';
import { maintained } from './listener.ts';
import type { CacheContext, Shard } from './model.ts';
import { slotCount, SlotMap } from './slots.ts';
import { Topology } from './topology.ts';

/**
 * A fake Redis 7.0 that authenticates with tokens, on loopback and a free port unless you say otherwise. Every connection is closed when
 * the token that it last authenticated with expires. Rejects on options that make no sense, and when the port is taken.
 */
export async function startCache(options: CacheOptions): Promise<CacheServer> {
  checkOptions(options);
  const topology = new Topology(contextFrom(options));
  await topology.start(options);
  const [first] = topology.data;
  if (first === undefined) throw new Error('a cache has at least one node');
  return cacheOf(topology, first.endpoint);
}

function cacheOf(topology: Topology, first: Endpoint): CacheServer {
  const { context, data } = topology;
  const nodes = (): Endpoint[] => data.map(({ endpoint }) => endpoint);
  const close = (): Promise<void> => topology.close();
  return {
    ...first,
    get nodes() {
      return nodes();
    },
    get sentinels() {
      return topology.sentinels.map(({ endpoint }) => endpoint);
    },
    get connections() {
      return nodes().flatMap((node) => node.connections);
    },
    fault: (fault) => context.faults.fault(fault),
    heal() {
      context.faults.heal();
      for (const node of nodes()) node.heal();
    },
    cut(ids) {
      for (const node of nodes()) node.cut(ids);
    },
    maintain(event, ids) {
      const sessions = data.flatMap(({ node }) => node.sessionsOf(ids));
      return context.announcer.announce(event, sessions.map(maintained));
    },
    addAddress: async () => (await topology.addAddress()).endpoint,
    addNode: async () => (await topology.addNode(placeOfNewNode(topology))).endpoint,
    moveSlot(slot, to) {
      assertSlot(slot);
      moveSlot(topology.cluster, slot, topology.nodeOf(to).shard);
    },
    startMigration(slot, to) {
      assertSlot(slot);
      topology.cluster.migrating.set(slot, topology.nodeOf(to).shard);
    },
    migrateKeys: (slot, keys) => migrateKeys(topology.cluster, slot, keys),
    failover(of = first) {
      if (context.sentinels === undefined) failOver(topology.nodeOf(of).shard);
      else context.sentinels.failover();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Outside a cluster there is one shard, and a new node is a replica of it. */
function placeOfNewNode({ context, data }: Topology): Parameters<Topology['addNode']>[0] {
  const shard = data[0]?.node.shard;
  return context.cluster !== undefined || shard === undefined ? {} : { shard };
}

function migrateKeys(cluster: SlotMap<Shard>, slot: number, keys: readonly string[]): void {
  const [from, to] = [cluster.owner(slot), cluster.migrating.get(slot)];
  if (from === undefined || to === undefined)
    throw new Error(`slot ${slot} is not migrating: call startMigration first`);
  moveKeys(slot, from, to, new Set(keys.map((key) => Buffer.from(key).toString('latin1'))));
}

function assertSlot(slot: number): void {
  if (!Number.isSafeInteger(slot) || slot < 0 || slot >= slotCount) {
    throw new RangeError(`slot must be an integer from 0 to ${slotCount - 1}: ${slot}`);
  }
}

function contextFrom(options: CacheOptions): CacheContext {
  let connections = 0;
  const host = options.host ?? '127.0.0.1';
  return {
    policy: createAuthPolicy({ verifier: options.verifier, accessPolicies: options.accessPolicies }),
    timeline: recorderFrom(options.timeline),
    recordCommands: options.record !== 'logins',
    cluster: options.cluster === undefined ? undefined : new SlotMap<Shard>(),
    sentinels: undefined,
    highestResp: options.resp ?? 3,
    tls: options.tls,
    host,
    announceHost: options.cluster?.announceHost ?? host,
    denied: new Set((options.denied ?? []).map((name) => name.toLowerCase().replace(' ', '|'))),
    faults: new FaultList(),
    maintenanceNotifications: options.maintenanceNotifications ?? true,
    announcer: new Announcer(),
    nextConnectionId: () => ++connections,
  };
}

/** Throws on the first option that makes no sense, naming it and its value. */
function checkOptions(options: CacheOptions): void {
  checkCommonOptions(options);
  checkInteger('resp', options.resp, 2, 3);
  checkInteger('cluster.masters', options.cluster?.masters, 1, 1000);
  checkInteger('cluster.replicasPerMaster', options.cluster?.replicasPerMaster, 0, 10);
  checkInteger('sentinel.replicas', options.sentinel?.replicas, 0, 100);
  checkInteger('sentinel.sentinels', options.sentinel?.sentinels, 1, 100);
  if (options.cluster !== undefined && options.sentinel !== undefined) {
    throw new TypeError('options.cluster and options.sentinel exclude each other');
  }
}
