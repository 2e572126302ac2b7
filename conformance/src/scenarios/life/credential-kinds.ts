import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority, type EntraServer } from '@entra-redis/emulator';
import type { CredentialSpec } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import { connectionsWith, reauths, tokensAccepted } from '../wire.ts';
import { assertNothingExpired, assertOneAuthPerToken, repeatUntilStopped } from '../steps.ts';

const rotations = 2;

/** Every kind of identity that an application on Azure, or on a developer's machine, may have. */
async function credentials(entra: EntraServer, folder: string): Promise<Omit<CredentialSpec, 'ca'>[]> {
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const { key, cert } = await (await createCertificateAuthority()).issue(['client'], 'RSA');
  const federated = await entra.issueToken({ audience: 'api://AzureADTokenExchange', lifetimeMs: 600_000 });
  const { AZURE_CLIENT_SECRET: secret, ...rest } = entra.env;
  const base = { ...rest, PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: await file('ca.pem', entra.ca) };
  const certificate = { AZURE_CLIENT_CERTIFICATE_PATH: await file('client.pem', `${key}${cert}\n`) };
  const workload = { AZURE_FEDERATED_TOKEN_FILE: await file('federated', federated.value) };
  const { endpoint, header } = entra.appService;
  const virtualMachine = { PATH: base.PATH, AZURE_POD_IDENTITY_AUTHORITY_HOST: entra.imdsHost };
  return [
    { name: 'EnvironmentCredential', env: { ...base, AZURE_CLIENT_SECRET: secret ?? '' } },
    { name: 'EnvironmentCredential', env: { ...base, ...certificate } },
    { name: 'WorkloadIdentityCredential', env: { ...base, ...workload } },
    { name: 'ManagedIdentityCredential', env: virtualMachine },
    {
      name: 'ManagedIdentityCredential',
      env: { ...virtualMachine, IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header },
    },
    { name: 'AzureCliCredential', env: { PATH: entra.cli.path } },
    { name: 'DefaultAzureCredential', env: { ...base, AZURE_CLIENT_SECRET: secret ?? '' } },
  ];
}

async function useAll(context: Context, specs: readonly CredentialSpec[]): Promise<void> {
  const { entra, timeline } = context.target;
  const sessions = await Promise.all(
    specs.map(async (spec) => context.connect({ application: await context.startApplication({ credential: spec }) })),
  );
  const loads = sessions.map((session, i) =>
    repeatUntilStopped(async (round) => {
      assert.equal(await session.command('SET', `key:${i}`, String(round)), 'OK');
      assert.equal(await session.command('GET', `key:${i}`), String(round));
    }, 20),
  );
  const wanted = specs.length * (rotations + 1);
  await context.eventually(
    `${rotations} new tokens of each credential`,
    () => reauths(timeline).length >= specs.length * rotations && tokensAccepted(timeline).length >= wanted,
    context.lifetimeMs * (rotations + 2),
  );
  for (const load of loads) assert.ok((await load.stop()) > 0);
  // No two share a token: each came from a credential of its own.
  for (const token of tokensAccepted(timeline)) assert.equal(connectionsWith(timeline, token).size, 1);
  const sources = new Set(entra.requests.map(({ source }) => source));
  assert.deepEqual(sources, new Set(['authority', 'imds', 'app-service', 'cli']));
  assert.deepEqual(
    sessions.flatMap(({ errors }) => errors),
    [],
  );
}

export const lifeCredentialKinds: Scenario = {
  id: 'life/credential-kinds',
  title:
    'secret, certificate, workload identity, both managed identities, Azure CLI and the default chain, under traffic',
  why: 'the real @azure/identity caches, renews and answers in a way of its own for each of them',
  requires: ['azure-identity'],
  topologies: ['standalone'],
  simulated: true,
  // One version is enough: it is about where tokens come from, and each takes seven processes.
  resp: [2],
  lifetimeMs: 8000,
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'entra-redis-credentials-'));
    try {
      const { entra } = context.target;
      const specs = await credentials(entra, folder);
      await useAll(
        context,
        specs.map((spec) => ({ ...spec, ca: entra.ca })),
      );
      assertOneAuthPerToken(context);
      assertNothingExpired(context);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
