// The cache that all applications log in to, and another whose tokens live for seconds: prints where they are, ends with its stdin.
import { startCache, startEntra } from '@entra-redis/emulator';

const entra = await startEntra({ lifetimeMs: 3_600_000 });
const cache = await startCache({ verifier: entra.verifier });
const { value, expiresAt } = await entra.issueToken();
const rotating = await startEntra({ lifetimeMs: 6000 });
const rotatingCache = await startCache({ verifier: rotating.verifier });
const managedIdentity = new URL(
  '/metadata/identity/oauth2/token/?resource=https%3A%2F%2Fredis.azure.com',
  rotating.imdsHost,
);
console.log(
  JSON.stringify({
    PORT: String(cache.port),
    TOKEN: value,
    EXPIRES_AT: String(expiresAt),
    ROTATING_PORT: String(rotatingCache.port),
    ROTATING_TOKENS: managedIdentity.href,
  }),
);
for await (const _ of process.stdin);
await Promise.all([cache.close(), entra.close(), rotatingCache.close(), rotating.close()]);
