import { error } from '../resp/reply.ts';
import { bytesOf } from './args.ts';
import type { Sentinels, Session, Shard } from './model.ts';
import type { PubSub } from './pubsub.ts';

export function createSentinels(masterName: string, shard: Shard, pubsub: PubSub<Session>): Sentinels {
  let epoch = 0;
  const announce = (channel: string, message: string): void => {
    pubsub.publish(channel, bytesOf(message), () => false);
  };
  return {
    masterName,
    shard,
    nodes: [],
    get epoch() {
      return epoch;
    },
    failover() {
      const before = shard.master;
      failOver(shard);
      const { master } = shard;
      epoch++;
      const name = `${masterName} ${before.host} ${before.port}`;
      announce('+failover-end', `master ${name}`);
      announce('+switch-master', `${name} ${master.host} ${master.port}`);
      announce(
        '+slave',
        `slave ${before.host}:${before.port} ${before.host} ${before.port} @ ${masterName} ${master.host} ${master.port}`,
      );
      // Sentinel makes the old master a replica and kills its clients in one transaction.
      for (const session of before.sessions.values()) session.output.close('failover');
    },
  };
}

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
