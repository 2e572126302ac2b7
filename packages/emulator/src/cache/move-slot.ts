import { error, push } from '../resp/reply.ts';
import { bytesOf } from './args.ts';
import type { CacheNode, Session, Shard } from './model.ts';
import { type SlotMap, slotOf } from './slots.ts';

/** Gives the slot with its keys to another shard; its blocked commands and shard subscribers are sent away. */
export function moveSlot(map: SlotMap<Shard>, slot: number, to: Shard): void {
  const from = map.assign(slot, to);
  if (from === undefined) return;
  moveKeys(slot, from, to);
  for (const node of [from.master, ...from.replicas]) {
    for (const session of node.sessions.values()) sendAway(session, slot, to.master);
  }
  to.keyspace.settle();
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
