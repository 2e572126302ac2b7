import { startCache, type TokenVerifier } from '@entra-redis/emulator';

/** Accepts every login. */
export const accepting: TokenVerifier = {
  verify: (username) => ({ ok: true, objectId: username, expiresAt: Number.MAX_SAFE_INTEGER }),
};

/** A fake cache that accepts every login; its run tells where it listens. */
export async function startAcceptingCache(_options: object): Promise<() => Promise<{ host: string; port: number }>> {
  const cache = await startCache({ verifier: accepting, record: 'logins' });
  return async () => ({ host: cache.host, port: cache.port });
}
