import { fetchToken, httpProvider, tokenUrlOf } from '@entra-redis/conformance/driver-kit';
import { type CacheServer, type EntraServer, startCache, startEntra } from '@entra-redis/emulator';
import { withEntra } from '@entra-redis/ioredis';
import { entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager } from '@entra-redis/token-manager';
import { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } from '@redis/entraid';
import { Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';

export type Who = 'ioredis' | 'node-redis' | '@redis/entraid';

/** The provider of credentials for node-redis, ours or the peer's. */
function providerFor(who: Who, entra: EntraServer): unknown {
  if (who !== '@redis/entraid')
    return entraCredentials(createTokenManager(httpProvider(tokenUrlOf(entra)), { refresh: { minIntervalMs: 200 } }));
  return EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
    credential: {
      getToken: async () => {
        const { value: token, expiresAt: expiresOnTimestamp } = await fetchToken(tokenUrlOf(entra));
        return { token, expiresOnTimestamp };
      },
    },
    scopes: REDIS_SCOPE_DEFAULT,
    tokenManagerConfig: { expirationRefreshRatio: 0.7 },
  });
}

const logins = (cache: CacheServer): number => cache.timeline.entries.filter(({ event }) => event === 'login').length;

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 10));
}

interface RefreshOptions {
  readonly who: Who;
  readonly reconnects: number;
  /** Long enough for the reconnects before the refresh. */
  readonly lifetimeMs: number;
}

/** AUTHs that one refresh sends on a connection that was cut `reconnects` times. */
export async function authsPerRefresh({ who, reconnects, lifetimeMs }: RefreshOptions): Promise<number> {
  const entra = await startEntra({ lifetimeMs });
  const cache = await startCache({ verifier: entra.verifier });
  await keepConnected(who, entra, cache.host, cache.port);
  await until(() => logins(cache) === 1);
  for (let done = 1; done <= reconnects; done += 1) {
    cache.cut();
    await until(() => logins(cache) === done + 1);
  }
  const before = logins(cache);
  const requests = entra.requests.length;
  await until(() => entra.requests.length > requests && logins(cache) > before);
  // What a refresh sends, it sends at once or within its window.
  await new Promise((resolve) => setTimeout(resolve, lifetimeMs / 5));
  return logins(cache) - before;
}

async function keepConnected(who: Who, entra: EntraServer, host: string, port: number): Promise<void> {
  if (who === 'ioredis') {
    const manager = createTokenManager(httpProvider(tokenUrlOf(entra)), { refresh: { minIntervalMs: 200 } });
    new Redis(withEntra(manager, { host, port, retryStrategy: () => 5 })).on('error', () => undefined);
    return;
  }
  const credentialsProvider = providerFor(who, entra) as never;
  const client = createClient({
    socket: { host, port, reconnectStrategy: () => 5 },
    credentialsProvider,
    maintNotifications: 'disabled',
  });
  client.on('error', () => undefined);
  await client.connect();
}

/** Token requests of a cluster's connect, or of ten clients one after the other. */
export async function tokenRequests({ who, what }: { who: Who; what: 'cluster' | 'sequential' }): Promise<number> {
  const entra = await startEntra();
  const shape = what === 'cluster' ? { cluster: { masters: 3 } } : {};
  const { host, port } = await startCache({ verifier: entra.verifier, ...shape });
  const credentialsProvider = providerFor(who, entra) as never;
  if (what === 'cluster') {
    const cluster = createCluster({ rootNodes: [{ socket: { host, port } }], defaults: { credentialsProvider } });
    await cluster.connect();
    for (let i = 0; i < 30; i += 1) await cluster.set(`key:${i}`, 'value');
    return entra.requests.length;
  }
  for (let i = 0; i < 10; i += 1) {
    const client = createClient({ socket: { host, port }, credentialsProvider, maintNotifications: 'disabled' });
    await client.connect();
    client.destroy();
  }
  return entra.requests.length;
}
