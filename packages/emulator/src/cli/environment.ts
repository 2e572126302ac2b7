import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint, EntraServer } from '../types.ts';

export interface Environment {
  readonly variables: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** What `DefaultAzureCredential` and an application need. The certificate authority of Entra, and of the cache, is one file. */
export async function createEnvironment(entra: EntraServer, cache: Endpoint): Promise<Environment> {
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-'));
  const file = join(folder, 'ca.pem');
  await writeFile(file, [entra.ca, cache.tls?.ca ?? ''].join('\n'));
  return {
    variables: {
      ...entra.env,
      NODE_EXTRA_CA_CERTS: file,
      REDIS_HOST: cache.tls === undefined ? cache.host : 'localhost',
      REDIS_PORT: String(cache.port),
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
