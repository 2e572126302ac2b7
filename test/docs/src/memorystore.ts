import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from './clouds.ts';

/** Shorter than the real one of an hour, so that a run sees it replaced. */
const tokenLifeMs = 6000;

/**
 * Google's metadata server, and Memorystore with IAM: the password is an access token, and a connection outlives the token that it
 * logged in with. https://cloud.google.com/memorystore/docs/cluster/about-iam-auth
 */
export async function startMemorystore(): Promise<Cloud> {
  const tokens = new Map<string, number>();
  const server = createServer((request, response) => answer(request, response, tokens));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: { GCE_METADATA_HOST: `127.0.0.1:${port}`, METADATA_SERVER_DETECTION: 'assume-present' },
    verifier: {
      verify(username, password) {
        if (username !== 'default') return { ok: false, reason: 'another user' };
        const expiresAt = tokens.get(password);
        if (expiresAt === undefined || expiresAt <= Date.now())
          return { ok: false, reason: 'unknown or expired token' };
        return { ok: true, objectId: username, expiresAt: Number.POSITIVE_INFINITY };
      },
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** https://cloud.google.com/compute/docs/access/authenticate-workloads#applications */
function answer(request: IncomingMessage, response: ServerResponse, tokens: Map<string, number>): void {
  response.setHeader('Metadata-Flavor', 'Google');
  const { pathname } = new URL(request.url ?? '/', 'http://metadata');
  if (request.headers['metadata-flavor'] !== 'Google') {
    response.writeHead(403).end();
  } else if (pathname === '/computeMetadata/v1/instance/service-accounts/default/token') {
    const token = `ya29.${randomUUID()}`;
    tokens.set(token, Date.now() + tokenLifeMs);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ access_token: token, expires_in: tokenLifeMs / 1000, token_type: 'Bearer' }));
  } else {
    response.writeHead(404).end();
  }
}
