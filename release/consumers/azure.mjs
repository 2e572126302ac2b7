// The cache that all applications log in to: prints where it is, ends with its stdin.
import { startCache, startEntra } from '@entra-redis/emulator';

const entra = await startEntra({ lifetimeMs: 3_600_000 });
const cache = await startCache({ verifier: entra.verifier });
const { value, expiresAt } = await entra.issueToken();
console.log(JSON.stringify({ PORT: String(cache.port), TOKEN: value, EXPIRES_AT: String(expiresAt) }));
for await (const _ of process.stdin);
await Promise.all([cache.close(), entra.close()]);
