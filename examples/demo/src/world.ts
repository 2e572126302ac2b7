import { ClientSecretCredential, EnvironmentCredential, ManagedIdentityCredential } from '@azure/identity';
import { type EntraServer, startCache, startEntra, startGate } from '@entra-redis/emulator';
import { startRedisServer } from '@entra-redis/redis-server';
import type { TokenCredential } from '@entra-redis/token-manager';
import type { DemoOptions } from './options.ts';

export interface CacheEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface World {
  readonly entra: EntraServer;
  readonly cache: CacheEndpoint;
  /** For the first lines of the demo. */
  readonly description: string;
  close(): Promise<void>;
}

/** Starts the local Entra and a cache that enforces its tokens. Ends what it started where a part fails. */
export async function startWorld(options: DemoOptions): Promise<World> {
  const started: { close(): Promise<void> }[] = [];
  const use = <T extends { close(): Promise<void> }>(part: T): T => {
    started.unshift(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of started.splice(0)) await part.close();
  };
  try {
    const entra = use(await startEntra({ lifetimeMs: options.lifetime * 1000 }));
    const common = { verifier: entra.verifier, ...(options.port === undefined ? {} : { port: options.port }) };
    if (options.cache === 'fake') {
      return { entra, cache: use(await startCache(common)), description: 'our in-memory RESP server', close };
    }
    const redis = use(await startRedisServer().catch(noRealCache));
    const cache = use(await startGate({ ...common, upstream: redis }));
    return { entra, cache, description: `redis-server ${redis.version} behind a gate that enforces the tokens`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function noRealCache(cause: unknown): never {
  throw new Error('set REDIS_SERVER to the path of a Redis 7 or newer, or choose --cache fake', { cause });
}

/** The real `@azure/identity`, pointed at the local Entra. */
export function createCredential(entra: EntraServer, options: DemoOptions): TokenCredential {
  const authority = { authorityHost: options.authority ?? entra.authorityHost, disableInstanceDiscovery: true };
  const trust = { tlsOptions: { ca: entra.ca } };
  switch (options.credential) {
    case 'secret':
      return new ClientSecretCredential(entra.tenantId, entra.clientId, entra.clientSecret, { ...authority, ...trust });
    case 'managed-identity':
      process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = options.authority ?? entra.imdsHost;
      return new ManagedIdentityCredential({ retryOptions: { maxRetries: 0 } });
    case 'environment':
      return new EnvironmentCredential({ ...authority, ...trust });
  }
}
