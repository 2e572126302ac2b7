import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createNetServer, type Server } from 'node:net';
import { addressOf, certificateNames, isWildcard } from '../addresses.ts';
import { listen, splitByProtocol } from '../listen.ts';
import { createCertificateAuthority, processIdentity } from '../tls/certificates.ts';
import type { EntraOptions, EntraServer, TlsIdentity } from '../types.ts';
import { authorityRoutes } from './authority.ts';
import { createFakeAz } from './fake-az.ts';
import { FaultQueue } from './faults.ts';
import { appServicePath, cliPath, managedIdentityRoutes } from './managed-identity.ts';
import { TokenEndpoint, type TokenSettings } from './token-endpoint.ts';
import { createTokenIssuer } from './tokens.ts';

/**
 * Starts a local Entra, on loopback unless told otherwise: an https authority for MSAL, and the http identity endpoints of virtual machines and App
 * Service. Its tokens are real JWTs, signed by a key that only this process has.
 *
 * @throws RangeError for an option that cannot work; the system's error where a port is in use
 */
export async function startEntra(options: EntraOptions = {}): Promise<EntraServer> {
  checkEntraOptions(options);
  const client = clientOf(options);
  const settings = settingsOf(options, client);
  const [issuer, tls] = await Promise.all([createTokenIssuer(client.tenantId), identityFor(options)]);
  const faults = new FaultQueue();
  const endpoint = new TokenEndpoint(issuer, faults, settings);
  const header = randomUUID();
  const server = createPortServer(
    createTlsServer({ key: tls.key, cert: tls.cert }, authorityRoutes({ endpoint, client, jwks: issuer.jwks })),
    createServer(managedIdentityRoutes({ endpoint, clientId: client.clientId, header })),
  );
  const host = options.host ?? '127.0.0.1';
  const listening = await listen(server, { host, port: options.port ?? 0 });
  const { authorityHost, imdsHost } = urlsOf(host, listening.port);
  const az = createFakeAz(`${imdsHost}${cliPath}`, header);
  const close = (): Promise<void> => {
    faults.close();
    az.remove();
    return listening.close();
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

/** One port for both, so that one option makes it stable. */
const createPortServer = (authority: Server, identity: Server): Server =>
  createNetServer((socket) =>
    splitByProtocol(socket, {
      tls: (each) => void authority.emit('connection', each),
      plain: (each) => void identity.emit('connection', each),
    }),
  );

function urlsOf(host: string, port: number): Pick<EntraServer, 'authorityHost' | 'imdsHost'> {
  const onLoopback = host === '127.0.0.1' || isWildcard(host);
  return {
    authorityHost: `https://${addressOf({ host: onLoopback ? 'localhost' : host, port })}`,
    imdsHost: `http://${addressOf({ host: onLoopback ? '127.0.0.1' : host, port })}`,
  };
}

/** The certificate of the https authority. */
function identityFor({ tls, host = '127.0.0.1' }: EntraOptions): TlsIdentity | Promise<TlsIdentity> {
  if (tls !== undefined) return tls;
  if (host === '127.0.0.1') return processIdentity();
  return createCertificateAuthority().then((authority) => authority.issue(certificateNames(host)));
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

/** Throws for the first option that cannot work, naming it and its value. */
function checkEntraOptions(options: { [K in keyof EntraOptions]?: EntraOptions[K] | undefined }): void {
  for (const name of ['lifetimeMs', 'refreshInMs'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isFinite(value) && value >= 1000)) {
      throw new RangeError(`Option "${name}" must be at least 1000 (MSAL counts whole seconds), but is ${value}.`);
    }
  }
  const { port, statedLaterMs = 0 } = options;
  if (!(Number.isFinite(statedLaterMs) && statedLaterMs >= 0)) {
    throw new RangeError(`Option "statedLaterMs" must be at least 0, but is ${statedLaterMs}.`);
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new RangeError(`Option "port" must be a port number, but is ${port}.`);
  }
}
