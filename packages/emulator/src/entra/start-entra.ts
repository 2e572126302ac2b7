import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { processIdentity } from '../tls/certificates.ts';
import type { EntraOptions, EntraServer } from '../types.ts';
import { authorityRoutes } from './authority.ts';
import { createFakeAz } from './fake-az.ts';
import { FaultQueue } from './faults.ts';
import { listen } from './http.ts';
import { appServicePath, cliPath, managedIdentityRoutes } from './managed-identity.ts';
import { checkEntraOptions } from './options.ts';
import { TokenEndpoint, type TokenSettings } from './token-endpoint.ts';
import { createTokenIssuer } from './tokens.ts';

/**
 * Starts a local Entra on loopback: an https authority for MSAL, and the http identity endpoints of virtual machines and App
 * Service. Its tokens are real JWTs, signed by a key that only this process has.
 *
 * @throws RangeError for an option that cannot work; the system's error where a port is in use
 */
export async function startEntra(options: EntraOptions = {}): Promise<EntraServer> {
  checkEntraOptions(options);
  const client = clientOf(options);
  const settings = settingsOf(options, client);
  const [issuer, tls] = await Promise.all([createTokenIssuer(client.tenantId), processIdentity()]);
  const faults = new FaultQueue();
  const endpoint = new TokenEndpoint(issuer, faults, settings);
  const header = randomUUID();

  const https = await listen(
    createTlsServer({ key: tls.key, cert: tls.cert }, authorityRoutes({ endpoint, client, jwks: issuer.jwks })),
    options.port ?? 0,
  );
  const http = await listen(createServer(managedIdentityRoutes({ endpoint, clientId: client.clientId, header })), 0);
  const imdsHost = `http://127.0.0.1:${http.port}`;
  const az = createFakeAz(`${imdsHost}${cliPath}`, header);
  const authorityHost = `https://localhost:${https.port}`;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    faults.close();
    az.remove();
    closing ??= Promise.all([https.close(), http.close()]).then(() => undefined);
    return closing;
  };
  return {
    ...client,
    authorityHost,
    imdsHost,
    appService: { endpoint: `${imdsHost}${appServicePath}`, header },
    cli: {
      get path() {
        return az.path;
      },
    },
    ca: tls.ca,
    env: environmentOf(client, authorityHost, imdsHost),
    get objectId() {
      return settings.objectId;
    },
    verifier: issuer.verifier,
    requests: endpoint.requests,
    configure: (changes) => {
      checkEntraOptions(changes);
      Object.assign(settings, changes);
    },
    fail: (fault, times = 1) => faults.add(fault, times),
    heal: () => faults.heal(),
    issueToken: (claims) => endpoint.issue(claims),
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Client = Pick<EntraServer, 'tenantId' | 'clientId' | 'clientSecret'>;

const clientOf = (options: EntraOptions): Client => ({
  tenantId: options.tenantId ?? randomUUID(),
  clientId: options.clientId ?? randomUUID(),
  clientSecret: options.clientSecret ?? randomUUID(),
});

const settingsOf = (options: EntraOptions, { tenantId, clientId }: Client): TokenSettings => ({
  tenantId,
  clientId,
  objectId: options.objectId ?? randomUUID(),
  lifetimeMs: options.lifetimeMs ?? 3_600_000,
  refreshInMs: options.refreshInMs,
  statedLaterMs: options.statedLaterMs ?? 0,
});

/** What `DefaultAzureCredential` reads. */
const environmentOf = (client: Client, authorityHost: string, imdsHost: string): EntraServer['env'] => ({
  AZURE_AUTHORITY_HOST: authorityHost,
  AZURE_TENANT_ID: client.tenantId,
  AZURE_CLIENT_ID: client.clientId,
  AZURE_CLIENT_SECRET: client.clientSecret,
  AZURE_POD_IDENTITY_AUTHORITY_HOST: imdsHost,
});
