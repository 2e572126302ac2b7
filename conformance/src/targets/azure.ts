import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates } from 'node:tls';
import { DefaultAzureCredential } from '@azure/identity';
import { createTimeline } from '@entra-redis/emulator';
import type { RunningTarget, Target } from './types.ts';

const scope = 'https://redis.azure.com/.default';
/** Tokens are reported to end this soon, so that a run sees some rotations. */
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
  const tokens = await serveTokens();
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

function parse(address: string): URL {
  if (/^[^\s:/@]+:\d+$/.test(address)) return new URL(`rediss://${address}`);
  throw new Error(
    'No cache on Azure: set AZURE_REDIS_ENDPOINT to host:port, and the environment of DefaultAzureCredential.',
  );
}

/** The identity of this machine behind a token URL, as on a virtual machine. */
async function serveTokens(): Promise<{ url: string; close(): Promise<void> }> {
  const credential = new DefaultAzureCredential();
  const server = createServer((_request, response) => {
    // The claims make MSAL fetch a new token each time; managed identities ignore them, and rotate when their token is old.
    credential.getToken(scope, { claims: '{"access_token":{}}' }).then(
      ({ token, expiresOnTimestamp }) => {
        const endsAt = Math.min(expiresOnTimestamp, Date.now() + reportedLifeMs);
        response.end(JSON.stringify({ access_token: token, expires_on: String(Math.floor(endsAt / 1000)) }));
      },
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
