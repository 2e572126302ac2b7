import type { IncomingMessage, RequestListener } from 'node:http';
import type { JWK } from 'jose';
import { grantOf, type KnownClient, refuseClient } from './client-authentication.ts';
import { type Answer, readBody, send, urlOf } from './http.ts';
import { refreshIn, secondsLeft, type TokenCall, type TokenEndpoint } from './token-endpoint.ts';

export interface AuthorityOptions {
  readonly endpoint: TokenEndpoint;
  readonly client: KnownClient;
  readonly jwks: { readonly keys: readonly JWK[] };
}

const notFound: Answer = { status: 404, body: { error: 'not_found' } };

/** The https endpoints of `login.microsoftonline.com` that MSAL calls. */
export function authorityRoutes(options: AuthorityOptions): RequestListener {
  return (request, response) => {
    route(request, options).then(
      (result) => ('status' in result ? send(response, result) : options.endpoint.answer(result, response)),
      () => send(response, { status: 400, body: { error: 'invalid_request' } }),
    );
  };
}

async function route(request: IncomingMessage, options: AuthorityOptions): Promise<Answer | TokenCall> {
  const origin = `https://${request.headers.host}`;
  const { pathname, searchParams } = urlOf(request, origin);
  if (pathname === '/common/discovery/instance') return instanceDiscovery(origin, searchParams);
  const [, tenant = '', ...rest] = pathname.split('/');
  switch (rest.join('/')) {
    case 'v2.0/.well-known/openid-configuration':
    // Where AD FS has it.
    case '.well-known/openid-configuration':
      return { status: 200, body: metadata(origin, tenant) };
    case 'discovery/v2.0/keys':
      return { status: 200, body: options.jwks };
    case 'oauth2/v2.0/token':
      return request.method === 'POST' ? tokenCall(await readBody(request), tenant, options.client) : notFound;
    default:
      return notFound;
  }
}

/** OpenID Connect Discovery 1.0, section 3. */
function metadata(origin: string, tenant: string): unknown {
  return {
    issuer: `${origin}/${tenant}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    tenant_region_scope: null,
  };
}

function instanceDiscovery(origin: string, query: URLSearchParams): Answer {
  const { host } = new URL(origin);
  const [, tenant = 'common'] = new URL(query.get('authorization_endpoint') ?? `${origin}/common`).pathname.split('/');
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}

function tokenCall(body: string, tenant: string, client: KnownClient): TokenCall {
  const form = new URLSearchParams(body);
  return {
    source: 'authority',
    grant: grantOf(form),
    scope: form.get('scope') ?? '',
    refusal: refuseClient(form, tenant, client),
    body: (token, settings) => ({
      token_type: 'Bearer',
      expires_in: secondsLeft(token),
      ext_expires_in: secondsLeft(token),
      ...refreshIn(settings),
      access_token: token.value,
    }),
  };
}
