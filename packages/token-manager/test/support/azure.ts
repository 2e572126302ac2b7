import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientCertificateCredential, ClientSecretCredential, WorkloadIdentityCredential } from '@azure/identity';
import { createCertificateAuthority, type EntraRequest, type EntraServer, startEntra } from '@entra-redis/emulator';
import { until } from '@entra-redis/test-support';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import {
  createTokenManager,
  type TokenCredential,
  type TokenManager,
  type TokenManagerOptions,
} from '../../src/index.ts';
import { TestClock } from '../../src/testing.ts';
import { minute, second } from './bench.ts';

export const scope = 'https://redis.azure.com/.default';

/** A fake Entra over real HTTPS, and a folder for certificates and the like. Only `Date` is faked. */
export interface Azure {
  entra: EntraServer;
  folder: string;
  /** The token requests of this test. */
  readonly requests: readonly EntraRequest[];
}

export function useEntra(): Azure {
  let former = 0;
  const azure: Azure = {
    // Until the tests begin.
    entra: undefined as never,
    folder: '',
    get requests() {
      return azure.entra.requests.slice(former);
    },
  };
  beforeAll(async () => {
    azure.entra = await startEntra();
    azure.folder = await mkdtemp(join(tmpdir(), 'entra-redis-token-manager-'));
  });
  beforeEach(() => {
    azure.entra.configure({ lifetimeMs: 60 * minute, refreshInMs: undefined });
    azure.entra.heal();
    former = azure.entra.requests.length;
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => void vi.useRealTimers());
  afterAll(async () => {
    await azure.entra.close();
    await rm(azure.folder, { recursive: true });
  });
  return azure;
}

/** Time passes, for everybody who asks what time it is. */
export const pass = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

interface LocalOptions {
  authorityHost: string;
  disableInstanceDiscovery: boolean;
  tlsOptions: { ca: string };
  retryOptions: { maxRetries: number };
}

/** The options that make a credential use the fake Entra, with no retries of its own. */
export const local = ({ entra }: Azure): LocalOptions => ({
  authorityHost: entra.authorityHost,
  disableInstanceDiscovery: true,
  tlsOptions: { ca: entra.ca },
  retryOptions: { maxRetries: 0 },
});

export const secret = (azure: Azure): ClientSecretCredential =>
  new ClientSecretCredential(azure.entra.tenantId, azure.entra.clientId, azure.entra.clientSecret, local(azure));

async function certificate(azure: Azure): Promise<ClientCertificateCredential> {
  const { key, cert } = await (await createCertificateAuthority()).issue(['client'], 'RSA');
  const certificatePath = join(azure.folder, 'client.pem');
  await writeFile(certificatePath, `${key}${cert}\n`);
  const { tenantId, clientId } = azure.entra;
  return new ClientCertificateCredential(tenantId, clientId, { certificatePath }, local(azure));
}

async function workload(azure: Azure): Promise<WorkloadIdentityCredential> {
  const tokenFilePath = join(azure.folder, 'federated-token');
  const { value } = await azure.entra.issueToken({ audience: 'api://AzureADTokenExchange', lifetimeMs: 86_400_000 });
  await writeFile(tokenFilePath, value);
  const { tenantId, clientId } = azure.entra;
  return new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath, ...local(azure) });
}

/** The credentials that hold a confidential client of MSAL. */
export const confidential: readonly [string, (azure: Azure) => TokenCredential | Promise<TokenCredential>][] = [
  ['secret', secret],
  ['certificate', certificate],
  ['workload identity', workload],
];

/** The token, which every credential here returns. */
export async function tokenOf(credential: TokenCredential): Promise<string> {
  return (await credential.getToken(scope))?.token ?? 'no token';
}

/** A manager whose clock runs with the faked `Date`, so that it and MSAL are of one mind. */
class DateClock extends TestClock {
  override async advance(ms: number): Promise<void> {
    await super.advance(ms);
    vi.setSystemTime(this.now());
  }
}

export interface AzureBench {
  readonly clock: TestClock;
  readonly manager: TokenManager;
  /** Lets time pass; it stands still while a token request over real HTTPS is under way. */
  readonly advance: (ms: number) => Promise<void>;
}

export function managerOn(credential: TokenCredential, options: TokenManagerOptions = {}): AzureBench {
  const clock = new DateClock(Date.now());
  let inFlight = 0;
  const counted: TokenCredential = {
    async getToken(...args) {
      inFlight += 1;
      try {
        return await credential.getToken(...args);
      } finally {
        inFlight -= 1;
      }
    },
  };
  const manager = createTokenManager(counted, { clock, ...options });
  return {
    clock,
    manager,
    advance: async (ms) => {
      for (let left = ms; left > 0; left -= 10 * second) {
        await clock.advance(Math.min(left, 10 * second));
        if (inFlight === 0) continue;
        await until(() => inFlight === 0);
        await clock.advance(0);
      }
    },
  };
}
