import { startSingleServer } from './single-server.ts';
import type { Target } from './target.ts';

/** A real redis-server. */
export const redisStandalone: Target = {
  name: 'redis-standalone',
  topology: 'standalone',
  resp: [2, 3],
  required: true,
  start: startSingleServer,
};
