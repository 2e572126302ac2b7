import type { IncomingMessage, RequestListener } from 'node:http';
import type { IssuedToken } from '../types.ts';
import { type Answer, send, urlOf } from './http.ts';
import { secondsLeft, type TokenCall, type TokenEndpoint } from './token-endpoint.ts';

const imdsPath = '/metadata/identity/oauth2/token';
export const appServicePath = '/msi/token';
/** What the fake `az` calls. */
export const cliPath = '/cli/token';

export interface ManagedIdentityOptions {
  readonly endpoint: TokenEndpoint;
  readonly clientId: string;
  /** The secret of App Service's endpoint and of the fake `az`. */
  readonly header: string;
}

/**
 * The identity endpoints of a virtual machine (IMDS) and of App Service, plain http as there.
 * Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export function managedIdentityRoutes(options: ManagedIdentityOptions): RequestListener {
  return (request, response) => {
    const result = route(request, options);
    if ('status' in result) return send(response, result);
    options.endpoint.answer(result, response).catch(() => response.destroy());
  };
}

function route(request: IncomingMessage, options: ManagedIdentityOptions): Answer | TokenCall {
  const { pathname, searchParams } = urlOf(request, 'http://127.0.0.1');
  const resource = searchParams.get('resource') ?? '';
  const path = pathname.replace(/\/$/, '');
  const secret = request.headers['x-identity-header'];
  if (path === imdsPath) {
    // @azure/identity probes without the header: any answer says that the endpoint is there.
    if (request.headers['metadata'] !== 'true') return refuse(400, 'Required metadata header not specified');
    return call('imds', resource, refuseClient(searchParams, options.clientId), asStrings);
  }
  if (path === appServicePath) {
    const refusal =
      secret === options.header
        ? refuseClient(searchParams, options.clientId)
        : refuse(401, 'X-IDENTITY-HEADER is wrong');
    return call('app-service', resource, refusal, asStrings);
  }
  if (path === cliPath)
    return call('cli', resource, secret === options.header ? undefined : refuse(401, 'Please run az login'), asCli);
  return refuse(404, 'not found');
}

const call = (
  source: TokenCall['source'],
  scope: string,
  refusal: Answer | undefined,
  body: TokenCall['body'],
): TokenCall => ({
  source,
  grant: 'managed_identity',
  scope,
  refusal,
  body,
});

const refuse = (status: number, text: string): Answer => ({
  status,
  body: { error: status === 400 ? 'invalid_request' : 'unauthorized', error_description: text, message: text },
});

/** A user-assigned identity asks by client id; only the one that exists gets a token. */
function refuseClient(query: URLSearchParams, clientId: string): Answer | undefined {
  const asked = query.get('client_id');
  return asked === null || asked === clientId ? undefined : refuse(400, 'Identity not found');
}

/** Every value is a string here. */
const asStrings = (token: IssuedToken, settings: { clientId: string }): unknown => ({
  access_token: token.value,
  client_id: settings.clientId,
  expires_in: String(secondsLeft(token)),
  expires_on: String(Math.floor(token.expiresAt / 1000)),
  resource: 'https://redis.azure.com',
  token_type: 'Bearer',
});

/** What `az account get-access-token --output json` prints. */
const asCli = (token: IssuedToken, settings: { tenantId: string }): unknown => ({
  accessToken: token.value,
  expiresOn: new Date(token.expiresAt).toISOString().replace('T', ' ').replace('Z', ''),
  expires_on: Math.floor(token.expiresAt / 1000),
  tenant: settings.tenantId,
  tokenType: 'Bearer',
});
