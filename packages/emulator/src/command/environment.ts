import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, isWildcard } from '../addresses.ts';
import { trustedTenant } from '../entra/client-authentication.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import type { Endpoint, EntraServer } from '../types.ts';
import { assertionBeside, authoritiesBeside, type EnvFile } from './env-file.ts';

export interface Environment {
  readonly variables: Readonly<Record<string, string>>;
  /** The same as commands of a shell. */
  readonly exports: string;
  remove(): void;
}

/** Which file was there before ours: our environment, which may still be set after its emulator has ended, names it. */
const variable = 'ENTRA_REDIS_EXTRA_CA_CERTS';
const fileBefore = (): string => process.env[variable] ?? process.env['NODE_EXTRA_CA_CERTS'] ?? '';

/** The authorities that programs here trust already. Throws where NODE_EXTRA_CA_CERTS names a file that cannot be read. */
export function trustedBefore(): string {
  const file = fileBefore();
  if (file === '') return '';
  try {
    return `${readFileSync(file, 'utf8').trimEnd()}\n`;
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new Error(`NODE_EXTRA_CA_CERTS names ${file}, which cannot be read (${code}): correct or unset it.`, {
      cause,
    });
  }
}

/** How a server that listens on `host` is reached from where its environment is read. */
function reachedBy(host: string, tls: boolean): string {
  if (host !== '127.0.0.1' && !isWildcard(host)) return host;
  // Certificates of names are what every client can check.
  return tls ? 'localhost' : '127.0.0.1';
}

/** What `DefaultAzureCredential` and an application need. All certificate authorities are one file of ours. */
export function createEnvironment(
  entra: EntraServer,
  cache: Endpoint,
  more: {
    readonly trusted?: string;
    readonly envFile?: EnvFile | undefined;
    readonly variables?: Readonly<Record<string, string>>;
    /** Of a workload identity. Default: a managed identity. */
    readonly assertion?: string | undefined;
  } = {},
): Environment {
  const { envFile, trusted = '', assertion } = more;
  const folder = envFile === undefined ? createTemporaryFolder() : undefined;
  const beside = envFile?.path ?? join(folder?.path ?? '', 'entra');
  const authorities = authoritiesBeside(beside);
  const own = new Set([entra.ca, cache.tls?.ca ?? '']);
  writeFileSync(authorities, `${trusted}${[...own].join('\n')}\n`);
  const host = reachedBy(cache.host, cache.tls !== undefined);
  const variables: Record<string, string> = {
    ...(assertion === undefined
      ? { ...entra.env, AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' }
      : workloadIdentity(entra.env, assertion, assertionBeside(beside))),
    NODE_EXTRA_CA_CERTS: authorities,
    [variable]: fileBefore(),
    REDIS_HOST: host,
    REDIS_PORT: String(cache.port),
    AZURE_REDIS_ENDPOINT: addressOf({ host, port: cache.port }),
    ...more.variables,
  };
  envFile?.write(variables);
  return {
    variables,
    exports: Object.entries(variables)
      .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
      .join(''),
    remove: () => folder?.remove(),
  };
}

/**
 * What a pod of AKS has: no secret, by which `DefaultAzureCredential` would log in first, and no address of a managed identity.
 * Not in every environment: where AZURE_FEDERATED_TOKEN_FILE is set, `ManagedIdentityCredential` takes it, too, and needs our certificate
 * authority then, which Node.js does not read from a file of `--env-file`.
 */
function workloadIdentity(env: EntraServer['env'], assertion: string, file: string): Record<string, string> {
  writeFileSync(file, assertion);
  const { AZURE_CLIENT_SECRET: _secret, AZURE_POD_IDENTITY_AUTHORITY_HOST: _imds, ...pod } = env;
  return {
    ...pod,
    AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential',
    AZURE_TENANT_ID: trustedTenant,
    AZURE_FEDERATED_TOKEN_FILE: file,
  };
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
