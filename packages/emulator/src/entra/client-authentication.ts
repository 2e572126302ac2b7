import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Answer } from './http.ts';

export interface KnownClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
}

/**
 * A name of our tenant. Of any other tenant `@azure/identity` asks the public cloud if it knows the host of the authority, unless the
 * application has set `disableInstanceDiscovery`; of this one, meant for AD FS, it does not, and nothing else in an environment prevents it.
 */
export const trustedTenant = 'adfs';

const refuse = (error: string, code: number, text: string): Answer => ({
  status: 401,
  body: {
    error,
    error_description: `AADSTS${code}: ${text}`,
    error_codes: [code],
    timestamp: new Date().toISOString(),
  },
});

/**
 * Checks how a client of the token endpoint proves who it is: by secret, or by an assertion (RFC 7523) from a certificate or a
 * federated identity. The emulator takes every assertion that is meant for it and has not expired: it knows nobody's keys.
 * Returns what to answer to one it refuses.
 */
export function refuseClient(form: URLSearchParams, tenant: string, known: KnownClient): Answer | undefined {
  if (tenant !== known.tenantId && tenant !== trustedTenant) {
    return refuse(
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
    );
  }
  const clientId = form.get('client_id');
  if (clientId !== known.clientId) {
    return refuse(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory.`,
    );
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse('unsupported_grant_type', 70003, 'The emulator supports the client_credentials grant.');
  }
  const assertion = form.get('client_assertion');
  if (assertion !== null) return refuseAssertion(assertion, known.clientId);
  if (form.get('client_secret') === known.clientSecret) return undefined;
  return refuse(
    'invalid_client',
    7000215,
    'Invalid client secret provided. Ensure the secret being sent is the client secret value.',
  );
}

function refuseAssertion(assertion: string, clientId: string): Answer | undefined {
  try {
    const { exp, sub, iss } = decodeJwt(assertion);
    if (exp !== undefined && exp * 1000 < Date.now()) {
      return refuse('invalid_client', 700024, 'Client assertion is not within its valid time range.');
    }
    // A certificate's assertion names the application itself; a federated one comes from another issuer.
    const byCertificate = 'x5t' in decodeProtectedHeader(assertion) || 'x5t#S256' in decodeProtectedHeader(assertion);
    if (byCertificate && (sub !== clientId || iss !== clientId)) {
      return refuse('invalid_client', 700023, 'Client assertion audience claim does not match Realm issuer.');
    }
    return undefined;
  } catch {
    return refuse('invalid_client', 50027, 'JWT token is invalid or malformed.');
  }
}

/** How a request for a token proves who asks, for the log. */
export function grantOf(form: URLSearchParams): string {
  const grant = form.get('grant_type') ?? 'none';
  return form.has('client_assertion') ? `${grant} (assertion)` : grant;
}
