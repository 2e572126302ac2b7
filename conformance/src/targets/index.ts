import { azure } from './azure.ts';
import { fake, fakeCluster, fakeSentinel } from './fake.ts';
import { redisCluster } from './redis-cluster.ts';
import { redisSentinel } from './redis-sentinel.ts';
import { redisStandalone, redisTls, valkey } from './single-server.ts';
import type { Target } from './target.ts';

export const targets: readonly Target[] = [
  fake,
  fakeCluster,
  fakeSentinel,
  redisStandalone,
  redisTls,
  redisCluster,
  redisSentinel,
  azure,
  // Elsewhere every case of it could not run, which tells nobody anything.
  ...(process.env['VALKEY_SERVER'] ? [valkey] : []),
];
