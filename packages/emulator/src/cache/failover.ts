import { error } from '../resp/reply.ts';
import type { Shard } from './node.ts';

/** Makes the first replica of the shard its master, and the master a replica. Throws when there is no replica. */
export function failOver(shard: Shard): void {
  const next = shard.replicas.shift();
  if (next === undefined) throw new Error('no replica to promote: start the cache with replicas');
  const before = shard.master;
  shard.master = next;
  shard.replicas.push(before);
  for (const { waiter } of before.sessions.values()) {
    waiter?.finish(
      error('UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'),
    );
  }
}
