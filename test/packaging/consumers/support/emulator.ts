// The emulator inside the test's own process, as a user's test starts it.
import { startCache, startEntra } from '@entra-redis/emulator';
import type { IdentityProvider } from '@entra-redis/token-manager';

export async function startAzure() {
  const entra = await startEntra();
  const cache = await startCache({ verifier: entra.verifier });
  const identity: IdentityProvider = {
    requestToken: async () => ({ ...(await entra.issueToken()), obtainedAt: Date.now() }),
  };
  return {
    identity,
    address: { host: cache.host, port: cache.port },
    close: async () => {
      await cache.close();
      await entra.close();
    },
  };
}
