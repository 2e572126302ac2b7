import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AzureCliCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntraServer } from '../../src/index.ts';
import { createCertificateAuthority, startEntra } from '../../src/index.ts';

const scope = 'https://redis.azure.com/.default';
let entra: EntraServer;
let folder: string;

beforeAll(async () => {
  entra = await startEntra({ lifetimeMs: 600_000 });
  folder = await mkdtemp(join(tmpdir(), 'entra-redis-test-'));
});
afterAll(async () => {
  await entra.close();
  await rm(folder, { recursive: true });
});

const local = () => ({
  authorityHost: entra.authorityHost,
  disableInstanceDiscovery: true,
  tlsOptions: { ca: entra.ca },
});

async function expectAccepted(token: string | undefined): Promise<void> {
  const verdict = await entra.verifier.verify(entra.objectId, token ?? '');
  expect(verdict).toMatchObject({ ok: true, objectId: entra.objectId });
}

describe('the real @azure/identity obtains a token that the cache accepts', () => {
  test('ClientSecretCredential', async () => {
    const credential = new ClientSecretCredential(entra.tenantId, entra.clientId, entra.clientSecret, local());
    const before = Date.now();
    const token = await credential.getToken(scope);
    await expectAccepted(token.token);
    // In whole seconds, from the second in which the answer came.
    expect(token.expiresOnTimestamp).toBeGreaterThan(before + 600_000 - 2000);
    expect(token.expiresOnTimestamp).toBeLessThan(Date.now() + 600_000 + 1000);
  });

  test('ClientSecretCredential for the application id form of the scope', async () => {
    const credential = new ClientSecretCredential(entra.tenantId, entra.clientId, entra.clientSecret, local());
    await expectAccepted((await credential.getToken('acca5fbb-b7e4-4009-81f1-37e38fd66d78/.default')).token);
  });

  test('the tenant adfs needs no disableInstanceDiscovery', async () => {
    const { disableInstanceDiscovery: _unset, ...options } = local();
    const credential = new ClientSecretCredential('adfs', entra.clientId, entra.clientSecret, options);
    await expectAccepted((await credential.getToken(scope)).token);
  });

  test('ClientCertificateCredential', async () => {
    const authority = await createCertificateAuthority();
    const { key, cert } = await authority.issue(['client'], 'RSA');
    const file = join(folder, 'client.pem');
    await writeFile(file, `${key}${cert}\n`);
    const credential = new ClientCertificateCredential(
      entra.tenantId,
      entra.clientId,
      { certificatePath: file },
      local(),
    );
    await expectAccepted((await credential.getToken(scope)).token);
  });

  test('WorkloadIdentityCredential', async () => {
    const tokenFilePath = join(folder, 'federated-token');
    await writeFile(tokenFilePath, (await entra.issueToken({ audience: 'api://AzureADTokenExchange' })).value);
    const { tenantId, clientId } = entra;
    const credential = new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath, ...local() });
    await expectAccepted((await credential.getToken(scope)).token);
  });

  test('AzureCliCredential', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = entra.cli.path;
    try {
      await expectAccepted((await new AzureCliCredential().getToken(scope)).token);
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

/** Managed identity keeps a process-wide cache: each source gets a process of its own. */
async function inChild(program: string, env: Record<string, string>): Promise<string> {
  const source = `
    import * as identity from '@azure/identity';
    ${program}
    const { token } = await credential.getToken('${scope}');
    process.stdout.write(token);`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: new URL('../..', import.meta.url),
    env: { PATH: process.env['PATH'], AZURE_POD_IDENTITY_AUTHORITY_HOST: entra.imdsHost, ...env },
  });
  return stdout;
}

describe('in a process of its own', () => {
  test('ManagedIdentityCredential by IMDS', async () => {
    await expectAccepted(await inChild('const credential = new identity.ManagedIdentityCredential();', {}));
    expect(entra.requests.at(-1)).toMatchObject({ source: 'imds', outcome: 'token' });
  });

  test('ManagedIdentityCredential by App Service', async () => {
    const { endpoint, header } = entra.appService;
    const env = { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
    await expectAccepted(await inChild('const credential = new identity.ManagedIdentityCredential();', env));
    expect(entra.requests.at(-1)).toMatchObject({ source: 'app-service', outcome: 'token' });
  });

  test('DefaultAzureCredential by the printed environment alone', async () => {
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, entra.ca);
    const program = 'const credential = new identity.DefaultAzureCredential({ disableInstanceDiscovery: true });';
    await expectAccepted(await inChild(program, { ...entra.env, NODE_EXTRA_CA_CERTS: ca }));
    expect(entra.requests.at(-1)).toMatchObject({ source: 'authority', outcome: 'token' });
  });
});
