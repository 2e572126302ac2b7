import type { CacheNode, Shard } from './node.ts';

/** What the sentinels watch. */
export interface Sentinels {
  readonly masterName: string;
  readonly shard: Shard;
  readonly nodes: CacheNode[];
}
