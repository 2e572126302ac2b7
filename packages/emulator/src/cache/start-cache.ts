import { checkAccessPolicies } from '../policy/access.ts';
import { createAuthPolicy } from '../policy/auth-policy.ts';
import { FaultList } from '../policy/faults.ts';
import { Announcer } from '../policy/maintenance.ts';
import { recorderFrom } from '../timeline/timeline.ts';
import type { CacheOptions, CacheServer, Endpoint, Maintenance, WireTimeline } from '../types.ts';
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
  return new Cache(topology, first.endpoint);
}

class Cache implements CacheServer {
  readonly #topology: Topology;
  readonly #first: Endpoint;

  constructor(topology: Topology, first: Endpoint) {
    this.#topology = topology;
    this.#first = first;
  }

  get host(): string {
    return this.#first.host;
  }
  get port(): number {
    return this.#first.port;
  }
  get tls(): Endpoint['tls'] {
    return this.#first.tls;
  }
  get timeline(): WireTimeline {
    return this.#first.timeline;
  }
  get nodes(): readonly Endpoint[] {
    return this.#topology.data.map(({ endpoint }) => endpoint);
  }
  get sentinels(): readonly Endpoint[] {
    return this.#topology.sentinels.map(({ endpoint }) => endpoint);
  }
  get connections(): Endpoint['connections'] {
    return this.nodes.flatMap((node) => node.connections);
  }

  fault(fault: Parameters<Endpoint['fault']>[0]): void {
    this.#topology.context.faults.fault(fault);
  }
  heal(): void {
    this.#topology.context.faults.heal();
    for (const node of this.nodes) node.heal();
  }
  cut(connections?: readonly number[]): void {
    for (const node of this.nodes) node.cut(connections);
  }

  maintain(event: Maintenance, connections?: readonly number[]): number {
    const sessions = this.#topology.data.flatMap(({ node }) => node.sessionsOf(connections));
    return this.#topology.context.announcer.announce(event, sessions.map(maintained));
  }

  async addAddress(): Promise<Endpoint> {
    return (await this.#topology.addAddress()).endpoint;
  }

  async addNode(): Promise<Endpoint> {
    return (await this.#topology.addNode(this.#shardOfStandalone())).endpoint;
  }

  moveSlot(slot: number, to: Endpoint): void {
    assertSlot(slot);
    moveSlot(this.#topology.cluster, slot, this.#topology.nodeOf(to).shard);
  }

  startMigration(slot: number, to: Endpoint): void {
    assertSlot(slot);
    this.#topology.cluster.migrating.set(slot, this.#topology.nodeOf(to).shard);
  }

  migrateKeys(slot: number, keys: readonly string[]): void {
    const { cluster } = this.#topology;
    const [from, to] = [cluster.owner(slot), cluster.migrating.get(slot)];
    if (from === undefined || to === undefined)
      throw new Error(`slot ${slot} is not migrating: call startMigration first`);
    moveKeys(slot, from, to, new Set(keys.map((key) => Buffer.from(key).toString('latin1'))));
  }

  failover(of: Endpoint = this.#first): void {
    const { sentinels } = this.#topology.context;
    if (sentinels === undefined) failOver(this.#topology.nodeOf(of).shard);
    else sentinels.failover();
  }

  close(): Promise<void> {
    return this.#topology.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Outside a cluster there is one shard, and a new node is a replica of it. */
  #shardOfStandalone(): Parameters<Topology['addNode']>[0] {
    const shard = this.#topology.data[0]?.node.shard;
    return this.#topology.context.cluster !== undefined || shard === undefined ? {} : { shard };
  }
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

function assertCount(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
    throw new RangeError(`options.${name} must be an integer from ${least} to ${most}: ${value}`);
  }
}

/** Throws on the first option that makes no sense, naming it and its value. */
function checkOptions(options: CacheOptions): void {
  if (typeof options.verifier?.verify !== 'function') {
    throw new TypeError('options.verifier must have a method verify(username, password): usually entra.verifier');
  }
  assertCount('port', options.port, 0, 65_535);
  assertCount('resp', options.resp, 2, 3);
  assertCount('cluster.masters', options.cluster?.masters, 1, 1000);
  assertCount('cluster.replicasPerMaster', options.cluster?.replicasPerMaster, 0, 10);
  assertCount('sentinel.replicas', options.sentinel?.replicas, 0, 100);
  assertCount('sentinel.sentinels', options.sentinel?.sentinels, 1, 100);
  if (options.cluster !== undefined && options.sentinel !== undefined) {
    throw new TypeError('options.cluster and options.sentinel exclude each other');
  }
  checkAccessPolicies(options.accessPolicies);
  if (options.record !== undefined && options.record !== 'all' && options.record !== 'logins') {
    throw new TypeError(`options.record must be 'all' or 'logins': ${String(options.record)}`);
  }
}
