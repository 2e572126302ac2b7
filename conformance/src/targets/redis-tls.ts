import { startSingleServer } from './single-server.ts';
import type { Target } from './target.ts';

/** A real redis-server that speaks TLS; its certificate is made at start. */
export const redisTls: Target = {
  name: 'redis-tls',
  topology: 'standalone',
  tls: true,
  resp: [2, 3],
  required: true,
  start: (options) => startSingleServer({ ...options, tls: true }),
};
