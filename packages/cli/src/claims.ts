/** The claims of an access token that say who and what it is for. Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export interface Claims {
  readonly audience?: string;
  readonly objectId?: string;
  readonly tenantId?: string;
  readonly applicationId?: string;
  readonly identity: Identity;
  /** A user's sign-in name. */
  readonly name?: string;
  /** Epoch ms. */
  readonly issuedAt?: number;
  readonly notBefore?: number;
  readonly expiresAt?: number;
}

/** `application`: a service principal or a managed identity; the token does not say which. */
export type Identity = 'user' | 'managed identity' | 'service principal' | 'application' | 'unknown';

/** Reads the payload of a JWT without verifying it; undefined for anything else. Never throws, so that no error quotes the token. */
export function readClaims(token: string): Claims | undefined {
  const [, payload, signature, ...rest] = token.split('.');
  if (!payload || signature === undefined || rest.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? interpret(claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function interpret(claims: Record<string, unknown>): Claims {
  const text = (name: string): string | undefined =>
    typeof claims[name] === 'string' && claims[name] !== '' ? claims[name] : undefined;
  const time = (name: string): number | undefined =>
    typeof claims[name] === 'number' && Number.isFinite(claims[name]) ? claims[name] * 1000 : undefined;
  return defined({
    audience: text('aud'),
    objectId: text('oid'),
    tenantId: text('tid'),
    applicationId: text('appid') ?? text('azp'),
    identity: identityOf(text),
    name: text('upn') ?? text('preferred_username') ?? text('unique_name'),
    issuedAt: time('iat'),
    notBefore: time('nbf'),
    expiresAt: time('exp'),
  });
}

/**
 * `xms_mirid` is the resource id of a managed identity; `idtyp` (user, app) is optional; delegated tokens have `scp`; in those of
 * an application `sub` is its own object id.
 */
function identityOf(text: (name: string) => string | undefined): Identity {
  if (text('xms_mirid') !== undefined) return 'managed identity';
  const type = text('idtyp');
  if (type === 'user' || text('scp') !== undefined || text('upn') !== undefined) return 'user';
  if (type === 'app') return 'service principal';
  return text('oid') !== undefined && text('oid') === text('sub') ? 'application' : 'unknown';
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

/** `managed identity`, with the sign-in name of a user. */
export function describeIdentity({ identity, name }: Claims): string {
  switch (identity) {
    case 'user':
      return name === undefined ? 'a user' : `the user ${name}`;
    case 'managed identity':
      return 'a managed identity';
    case 'service principal':
      return 'a service principal';
    case 'application':
      return 'a service principal or managed identity';
    default:
      return 'an identity of unknown kind';
  }
}
