import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  DefaultAzureCredential,
  EnvironmentCredential,
  logger,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { fromTokenCredential, isLoopback } from '@entra-redis/token-manager';
import type { CredentialKind, TokenAnswer } from '../types.ts';

export interface CredentialOptions {
  readonly kind: CredentialKind;
  /** Of a user-assigned managed identity, or of a workload identity. */
  readonly clientId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly scope: string;
}

/** Asks the real `@azure/identity` for a token, and says which credential gave it. */
export async function requestToken(options: CredentialOptions, signal: AbortSignal): Promise<TokenAnswer> {
  const log = new CredentialLog();
  try {
    const provider = fromTokenCredential(createCredential(options), { scope: options.scope });
    const aborted = new Promise<never>((_resolve, reject) => {
      // @azure/identity does not always listen to the signal.
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    const token = await Promise.race([provider.requestToken({ signal, force: false }), aborted]);
    return { token, source: log.source(options.kind) };
  } finally {
    log.stop();
  }
}

const credentials = {
  default: DefaultAzureCredential,
  environment: EnvironmentCredential,
  'workload-identity': WorkloadIdentityCredential,
  'managed-identity': ManagedIdentityCredential,
  'azure-cli': AzureCliCredential,
  'azure-powershell': AzurePowerShellCredential,
  'azure-developer-cli': AzureDeveloperCliCredential,
} satisfies Record<CredentialKind, unknown>;

function createCredential({ kind, clientId, tenantId }: CredentialOptions): TokenCredential {
  // Each reads the options that it knows.
  const Credential = credentials[kind] as new (options: object) => TokenCredential;
  const client = { clientId, managedIdentityClientId: clientId, workloadIdentityClientId: clientId };
  return new Credential({
    // A local authority (the emulator) is unknown to the public instance discovery.
    disableInstanceDiscovery: hasLocalAuthority(),
    // One retry instead of five: where there is no managed identity, a chain would be silent for 20 s.
    retryOptions: { maxRetries: 1, retryDelayInMs: 500 },
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(clientId === undefined ? {} : client),
  });
}

function hasLocalAuthority(): boolean {
  const authority = process.env['AZURE_AUTHORITY_HOST'] ?? '';
  return URL.canParse(authority) && isLoopback(new URL(authority).hostname);
}

/** What the log of `@azure/identity` says about who answered: a chain tells it nowhere else. It has no secrets. */
class CredentialLog {
  #member: string | undefined;
  /** How, by the name of the credential. */
  readonly #how = new Map<string, string>();
  /** Gives the log back. */
  readonly stop: () => void;

  constructor() {
    const { info } = logger;
    const { enabled, log } = info;
    info.enabled = true;
    info.log = (...parts: unknown[]) => {
      if (enabled) log(...parts);
      this.#read(parts.join(' '));
    };
    this.stop = () => Object.assign(info, { enabled, log });
  }

  source(kind: CredentialKind): string {
    const name = this.#member ?? credentials[kind].name;
    const how = this.#how.get(name);
    return `${kind === 'default' ? `${DefaultAzureCredential.name}: ` : ''}${name}${how === undefined ? '' : ` (${how})`}`;
  }

  #read(line: string): void {
    this.#member = /Result for (\w+): SUCCESS/.exec(line)?.[1] ?? this.#member;
    const used = /Invoking Client(Secret|Certificate)Credential/.exec(line)?.[1];
    if (used !== undefined) this.#how.set('EnvironmentCredential', `client ${used.toLowerCase()}`);
    const source = /MSAL Identity source: (\w+)/.exec(line)?.[1];
    if (source !== undefined) this.#how.set('ManagedIdentityCredential', source === 'DefaultToImds' ? 'IMDS' : source);
  }
}
