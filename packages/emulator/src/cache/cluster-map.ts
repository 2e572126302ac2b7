import { error, push } from '../resp/reply.ts';
import { bytesOf } from './args.ts';
import type { CacheNode, Shard } from './node.ts';
import type { Session } from './session.ts';
import { slotCount, slotOf } from './slots.ts';

/** Which shard serves which slot, the same on every node: no gossip, no delay. */
export class ClusterMap {
  readonly shards: Shard[] = [];
  readonly #owners: (Shard | undefined)[] = Array.from({ length: slotCount });
  /** Slots on their way to another shard. */
  readonly migrating: Map<number, Shard> = new Map();
  epoch = 1;

  /** Splits all slots evenly over the shards, in order. */
  spread(): void {
    const { length } = this.shards;
    for (let slot = 0; slot < slotCount; slot++) {
      this.#owners[slot] = this.shards[Math.min(length - 1, Math.floor((slot * length) / slotCount))];
    }
  }

  owner(slot: number): Shard | undefined {
    return this.#owners[slot];
  }

  get nodes(): CacheNode[] {
    return this.shards.flatMap((shard) => [shard.master, ...shard.replicas]);
  }

  /** Gives the slot with its keys to another shard; its blocked commands and shard subscribers are sent away. */
  move(slot: number, to: Shard): void {
    const from = this.#owners[slot];
    this.migrating.delete(slot);
    if (from === to) return;
    this.#owners[slot] = to;
    this.epoch++;
    if (from === undefined) return;
    moveKeys(slot, from, to);
    for (const node of [from.master, ...from.replicas]) {
      for (const session of node.sessions.values()) sendAway(session, slot, to.master);
    }
    to.keyspace.settle();
  }

  /** Inclusive ranges of slots that the shard serves. */
  ranges(shard: Shard): [number, number][] {
    const ranges: [number, number][] = [];
    for (let slot = 0; slot < slotCount; slot++) {
      if (this.#owners[slot] !== shard) continue;
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === slot - 1) last[1] = slot;
      else ranges.push([slot, slot]);
    }
    return ranges;
  }
}

function sendAway(session: Session, slot: number, to: CacheNode): void {
  const { waiter, node } = session;
  if (waiter?.keys.some((key) => slotOf(bytesOf(key)) === slot) === true) {
    waiter.finish(error(`MOVED ${slot} ${to.host}:${to.port}`));
  }
  for (const name of session.shardChannels) {
    if (slotOf(bytesOf(name)) !== slot) continue;
    node.pubsub.remove('shardChannels', name, session);
    session.output.send(push(['sunsubscribe', bytesOf(name), session.shardChannels.size]));
  }
}

/** Moves some or all keys of a slot. */
export function moveKeys(slot: number, from: Shard, to: Shard, only?: ReadonlySet<string>): void {
  const source = from.keyspace.database(0);
  const target = to.keyspace.database(0);
  for (const key of source.keys()) {
    if (slotOf(bytesOf(key)) !== slot || (only !== undefined && !only.has(key))) continue;
    const entry = source.take(key);
    if (entry !== undefined) target.put(key, entry);
  }
}
