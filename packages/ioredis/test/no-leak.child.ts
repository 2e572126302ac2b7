/** A program that logs in, is refused, and lets the error go unhandled. Its token has SECRET in every part. */
import { inspect } from 'node:util';
import { startCache } from '@entra-redis/emulator';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';

const now = Date.now();
const manager = createTokenManager(
  { requestToken: () => Promise.resolve({ value: 'SECRET.SECRET.SECRET', obtainedAt: now, expiresAt: now + 60_000 }) },
  { username: 'object-id' },
);
const verdicts = [
  { ok: true, objectId: 'object-id', expiresAt: now + 60_000 },
  { ok: false, reason: 'no access policy' },
] as const;
let logins = 0;
const cache = await startCache({
  verifier: { verify: () => Promise.resolve(verdicts[Math.min(logins++, 1)] ?? verdicts[1]) },
});
const { host, port } = cache;
const redis = new Redis(withEntra(manager, { host, port, retryStrategy: () => null }));
await redis.ping();
process.on('unhandledRejection', (error) => console.log('unhandled', inspect(error, { depth: Infinity })));
const refused = redis.duplicate();
void refused.get('a');
await new Promise((resolve) => refused.once('end', resolve));
redis.disconnect();
manager.close();
await cache.close();
