import { bytesOf } from './args.ts';
import { failOver } from './failover.ts';
import type { CacheNode, Shard } from './node.ts';
import type { PubSub } from './pubsub.ts';

/** What the sentinels watch, and how they change it. */
export interface Sentinels {
  readonly masterName: string;
  readonly shard: Shard;
  readonly nodes: CacheNode[];
  readonly epoch: number;
  /** Makes the first replica the master and announces it, as `SENTINEL FAILOVER` does. */
  failover(): void;
}

export function createSentinels(masterName: string, shard: Shard, pubsub: PubSub): Sentinels {
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
