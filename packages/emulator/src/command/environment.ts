import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTemporaryFolder } from '../temporary-folder.ts';
import type { Endpoint, EntraServer } from '../types.ts';

export interface Environment {
  readonly variables: Readonly<Record<string, string>>;
  remove(): void;
}

/** A server that listens on all addresses is reached by loopback, where tokens may travel in plain text. */
const reachable = (host: string): string => ({ '0.0.0.0': '127.0.0.1', '::': '::1' })[host] ?? host;

/** What `DefaultAzureCredential` and an application need. The certificate authority of Entra, and of the cache, is one file. */
export function createEnvironment(entra: EntraServer, cache: Endpoint): Environment {
  const folder = createTemporaryFolder();
  const file = join(folder.path, 'ca.pem');
  writeFileSync(file, [entra.ca, cache.tls?.ca ?? ''].join('\n'));
  return {
    variables: {
      ...entra.env,
      // Not the client secret: its authority would have to be found by instance discovery, which asks the public cloud.
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      NODE_EXTRA_CA_CERTS: file,
      REDIS_HOST: cache.tls === undefined ? reachable(cache.host) : 'localhost',
      REDIS_PORT: String(cache.port),
    },
    remove: () => folder.remove(),
  };
}
