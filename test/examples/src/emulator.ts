import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningTarget, targets } from '@entra-redis/conformance';

/** A local Entra and a real Redis that enforces its tokens, and the environment by which an application finds both. */
export interface Emulator {
  readonly target: RunningTarget;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The environment is that of a machine with a managed identity, so that applications need no option to find it. */
export async function startEmulator(targetName: string, lifetimeMs: number): Promise<Emulator> {
  const kind = targets.find(({ name }) => name === targetName);
  if (kind === undefined) throw new Error(`There is no target ${targetName}.`);
  const target = await kind.start({ lifetimeMs });
  const folder = await mkdtemp(join(tmpdir(), 'entra-redis-example-'));
  const certificates = join(folder, 'ca.pem');
  const { ca, servername, host, port } = target.endpoint;
  await writeFile(certificates, ca ?? '');
  return {
    target,
    env: {
      AZURE_REDIS_ENDPOINT: `${servername ?? host}:${port}`,
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      AZURE_POD_IDENTITY_AUTHORITY_HOST: target.entra.imdsHost,
      ...(ca !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
    },
    close: async () => {
      await target.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
