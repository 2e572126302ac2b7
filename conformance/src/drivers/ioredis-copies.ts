import { Cluster, Redis } from 'ioredis';
import * as ioredis5 from 'ioredis-5';
import * as oldest5 from 'ioredis-5-oldest';
import packageOfOldest5 from 'ioredis-5-oldest/package.json' with { type: 'json' };
import packageOf5 from 'ioredis-5/package.json' with { type: 'json' };
import packageOf6 from 'ioredis/package.json' with { type: 'json' };

export interface IoredisCopy {
  readonly version: string;
  readonly Redis: typeof Redis;
  readonly Cluster: typeof Cluster;
  /** ioredis 6 speaks RESP3. */
  readonly resp: readonly (2 | 3)[];
}

const copyOf5 = (version: string, module: { Redis: unknown; Cluster: unknown }): IoredisCopy => ({
  version,
  Redis: module.Redis as typeof Redis,
  Cluster: module.Cluster as typeof Cluster,
  resp: [2],
});

/** The newest of each major, and the oldest that is supported. */
export const ioredisCopies: readonly IoredisCopy[] = [
  { version: packageOf6.version, Redis, Cluster, resp: [2, 3] },
  copyOf5(packageOf5.version, ioredis5),
  copyOf5(packageOfOldest5.version, oldest5),
];
