import type { CacheOptions, Endpoint } from '../types.ts';
import { dataCommands, sentinelNodeCommands } from './commands/table.ts';
import { listenAs, type ListeningNode } from './listener.ts';
import { CacheNode, type CacheContext, type NodeInit, type Session, type Shard } from './model.ts';
import { PubSub } from './pubsub.ts';
import type { SlotMap } from './slots.ts';
import { createSentinels } from './failover.ts';

/** All nodes of one cache, and how they belong together. */
export class Topology {
  readonly context: CacheContext;
  readonly data: ListeningNode[] = [];
  readonly sentinels: ListeningNode[] = [];
  /** Messages reach every data node, as in a cluster or by replication. */
  readonly #pubsub = new PubSub<Session>();

  constructor(context: CacheContext) {
    this.context = context;
  }

  /** Starts everything that the options ask for; when one port is taken, closes the others again. */
  async start(options: CacheOptions): Promise<void> {
    try {
      await this.#startShards(options);
      if (options.sentinel !== undefined) await this.#startSentinels(options.sentinel);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #startShards(options: CacheOptions): Promise<void> {
    const masters = options.cluster?.masters ?? 1;
    const replicas = options.cluster?.replicasPerMaster ?? options.sentinel?.replicas ?? 0;
    for (let index = 0; index < masters; index++) {
      const { node } = await this.addNode({ port: index === 0 ? (options.port ?? 0) : 0 });
      for (let count = 0; count < replicas; count++) await this.addNode({ shard: node.shard });
    }
    this.context.cluster?.spread();
  }

  /** Starts a master of its own (in a cluster: without slots), or a replica of `shard`. */
  async addNode(options: { port?: number; shard?: Shard } = {}): Promise<ListeningNode> {
    const { shard, port = 0 } = options;
    const listening = await this.#listen(port, shard && { shard });
    const { node } = listening;
    if (shard === undefined) this.context.cluster?.shards.push(node.shard);
    else shard.replicas.push(node);
    return listening;
  }

  /** Starts another address of the only master. */
  async addAddress(): Promise<ListeningNode> {
    const [first] = this.data;
    if (this.context.cluster !== undefined || first === undefined) {
      throw new Error('a node of a cluster has one address: use addAddress without the option "cluster"');
    }
    return this.#listen(0, { standsFor: first.node.shard.master });
  }

  async #listen(port: number, kind: Pick<NodeInit, 'shard' | 'standsFor'> = {}): Promise<ListeningNode> {
    const node = new CacheNode({
      context: this.context,
      name: `node-${this.data.length + 1}`,
      kind: 'data',
      commands: dataCommands,
      pubsub: this.#pubsub,
      ...kind,
    });
    const listening = await listenAs(node, port);
    this.data.push(listening);
    return listening;
  }

  async #startSentinels(options: NonNullable<CacheOptions['sentinel']>): Promise<void> {
    const shard = this.data[0]?.node.shard;
    if (shard === undefined) throw new Error('sentinels need a master');
    const pubsub = new PubSub<Session>();
    const sentinels = createSentinels(options.masterName, shard, pubsub);
    this.context.sentinels = sentinels;
    for (let index = 0; index < (options.sentinels ?? 1); index++) {
      const node = new CacheNode({
        context: this.context,
        name: `sentinel-${index + 1}`,
        kind: 'sentinel',
        commands: sentinelNodeCommands,
        pubsub,
        open: !(options.authenticated ?? false),
      });
      sentinels.nodes.push(node);
      this.sentinels.push(await listenAs(node, 0));
    }
  }

  /** The node behind an endpoint of this cache. */
  nodeOf(endpoint: Pick<Endpoint, 'port'>): CacheNode {
    const found = this.data.find(({ node }) => node.port === endpoint.port);
    if (found === undefined) throw new RangeError(`no node of this cache listens on port ${endpoint.port}`);
    return found.node;
  }

  get cluster(): SlotMap<Shard> {
    const { cluster } = this.context;
    if (cluster === undefined) throw new Error('this cache is not a cluster: start it with the option "cluster"');
    return cluster;
  }

  async close(): Promise<void> {
    await Promise.all([...this.data, ...this.sentinels].map(({ endpoint }) => endpoint.close()));
  }
}
