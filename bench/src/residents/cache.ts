import { startCache } from '@entra-redis/emulator';

/** A fake cache that lets everybody in; its run tells where it listens. */
export async function startAcceptingCache(_options: object): Promise<() => Promise<{ host: string; port: number }>> {
  const cache = await startCache({
    verifier: {
      verify: (username) => ({ ok: true, objectId: username, expiresAt: Number.MAX_SAFE_INTEGER }),
    },
    record: 'logins',
  });
  return async () => ({ host: cache.host, port: cache.port });
}
