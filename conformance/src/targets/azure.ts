import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates } from 'node:tls';
import { DefaultAzureCredential } from '@azure/identity';
import { createTimeline } from '@entra-redis/emulator';
import { type AzureIdentity, azureIdentity } from './azure-identity.ts';
import type { RunningTarget, Target } from './target.ts';

/** Tokens that can be renewed are reported to end this soon, so that a run sees some rotations. */
const reportedLifeMs = 10_000;

/**
 * A real cache: AZURE_REDIS_ENDPOINT is its `host:port`, and DefaultAzureCredential finds the identity. A cluster must have the
 * enterprise policy, which shows one endpoint. Nobody can look at its wire, so scenarios ask what the user sees.
 */
export const azure: Target = {
  name: 'azure',
  topology: 'standalone',
  azure: true,
  resp: [2, 3],
  required: false,
  start: async () => startAzure(process.env['AZURE_REDIS_ENDPOINT'] ?? ''),
};

async function startAzure(address: string): Promise<RunningTarget> {
  const { hostname: host, port } = parse(address);
  const identity = identityOfTheMachine();
  const tokens = await serveTokens(identity);
  const unknown = (): never => {
    throw new Error('Azure cannot be steered');
  };
  return {
    endpoint: {
      topology: 'standalone',
      host,
      port: Number(port),
      ca: getCACertificates('default').join('\n'),
      servername: host,
    },
    tokenUrl: tokens.url,
    renewsTokens: async () => (await identity).renews,
    get entra() {
      return unknown();
    },
    timeline: createTimeline(),
    cut: unknown,
    fault: unknown,
    heal: unknown,
    close: () => tokens.close(),
  };
}

let ofTheMachine: Promise<AzureIdentity> | undefined;

/**
 * One for every target of the process: MSAL's cache of a managed identity is the process's, and two credentials that find it empty at
 * once get two tokens, of which the later answers both from then on. Rejects where there is no token; the next target tries again.
 */
function identityOfTheMachine(): Promise<AzureIdentity> {
  ofTheMachine ??= azureIdentity(ambientCredential());
  // Told by `renewsTokens`, and to whoever asks for a token.
  ofTheMachine.catch(() => {
    ofTheMachine = undefined;
  });
  return ofTheMachine;
}

/** Microsoft's directory of authorities knows none on this machine, as the emulator's is. */
function ambientCredential(): DefaultAzureCredential {
  const isLocal = /^https:\/\/localhost[:/]/.test(process.env['AZURE_AUTHORITY_HOST'] ?? '');
  return new DefaultAzureCredential({ disableInstanceDiscovery: isLocal });
}

function parse(address: string): URL {
  if (/^[^\s:/@]+:\d+$/.test(address)) return new URL(`rediss://${address}`);
  throw new Error(
    'No cache on Azure: set AZURE_REDIS_ENDPOINT to host:port, and the environment of DefaultAzureCredential.',
  );
}

/** The identity of this machine behind a token URL, as on a virtual machine. */
async function serveTokens(identity: Promise<AzureIdentity>): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    tokenOf(identity).then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.name : 'Error'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function tokenOf(identity: Promise<AzureIdentity>): Promise<{ access_token: string; expires_on: string }> {
  const { renews, token: request } = await identity;
  const { token, expiresOnTimestamp } = await request();
  const endsAt = renews ? Math.min(expiresOnTimestamp, Date.now() + reportedLifeMs) : expiresOnTimestamp;
  return { access_token: token, expires_on: String(Math.floor(endsAt / 1000)) };
}
