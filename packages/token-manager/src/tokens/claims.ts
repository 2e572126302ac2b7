/** The claims that are read, and nothing else of the token. All optional: an opaque token has none. */
export interface Claims {
  readonly oid?: string;
  /** Seconds since the epoch. */
  readonly iat?: number;
  readonly exp?: number;
  /** What the token is meant for. */
  readonly aud?: string;
  /** The tenant that issued it. */
  readonly tid?: string;
}

const finite = (value: unknown): value is number => Number.isFinite(value);

/**
 * Reads the payload of a JWT (RFC 7519) without verifying it: the cache does that. Returns no claims where the token is
 * not a JWT. Never throws, so that no part of a token gets into an error.
 */
export function readClaims(token: string): Claims {
  const parts = token.split('.');
  if (parts.length !== 3) return {};
  try {
    const payload = Buffer.from(parts[1] as string, 'base64url').toString('utf8');
    const { oid, iat, exp, aud, tid } = JSON.parse(payload) as Record<string, unknown>;
    return {
      ...(typeof oid === 'string' ? { oid } : {}),
      ...(finite(iat) ? { iat } : {}),
      ...(finite(exp) ? { exp } : {}),
      ...(typeof aud === 'string' ? { aud } : {}),
      ...(typeof tid === 'string' ? { tid } : {}),
    };
  } catch {
    return {};
  }
}
