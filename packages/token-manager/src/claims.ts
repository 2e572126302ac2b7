/** The claims that are read, and nothing else of the token. All optional: an opaque token has none. */
export interface Claims {
  readonly oid?: string;
  /** Seconds since the epoch. */
  readonly iat?: number;
  readonly exp?: number;
}

const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/**
 * Reads the payload of a JWT (RFC 7519) without verifying it: the cache does that. Returns no claims where the token is
 * not a JWT. Never throws, so that no part of a token gets into an error.
 */
export function readClaims(token: string): Claims {
  const [, payload, signature, ...rest] = token.split('.');
  if (!payload || signature === undefined || rest.length > 0) return {};
  try {
    const { oid, iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    return {
      ...(typeof oid === 'string' && oid !== '' ? { oid } : {}),
      ...(finite(iat) ? { iat } : {}),
      ...(finite(exp) ? { exp } : {}),
    };
  } catch {
    return {};
  }
}
