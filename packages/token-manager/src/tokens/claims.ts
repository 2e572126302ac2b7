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

/** The end of the year 9999: later instants, up to those that no `Date` holds, only mean "never". */
export const lastInstant: number = Date.UTC(10_000, 0) - 1;

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) * 1000 <= lastInstant;

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
      ...(isInstant(iat) ? { iat } : {}),
      ...(isInstant(exp) ? { exp } : {}),
      ...(typeof aud === 'string' ? { aud } : {}),
      ...(typeof tid === 'string' ? { tid } : {}),
    };
  } catch {
    return {};
  }
}
