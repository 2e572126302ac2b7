/** What to do about a failed token request. Pure. */

export interface RetryPolicy {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly backoffMultiplier: number;
}

export interface Failure {
  readonly error: unknown;
  /** The provider will answer the same until somebody changes its configuration. */
  readonly permanent: boolean;
  /** What the provider asked for by Retry-After, ms. */
  readonly retryAfterMs: number | undefined;
}

interface ErrorShape {
  name?: unknown;
  message?: unknown;
  statusCode?: unknown;
  error?: unknown;
  errorResponse?: { error?: unknown; errorDescription?: unknown };
  errorCode?: unknown;
  retryAfterInMs?: unknown;
  response?: { headers?: unknown };
  headers?: unknown;
  cause?: unknown;
}

/** OAuth error codes (RFC 6749 section 5.2) that no repetition heals. */
const permanentCodes = new Set(['invalid_client', 'unauthorized_client', 'invalid_scope', 'unsupported_grant_type']);

/**
 * Entra's codes for a wrong secret, certificate, application, tenant or scope.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const permanentAadsts = new Set([
  '50034',
  '53003',
  '65001',
  '70001',
  '70002',
  '70011',
  '90002',
  '90023',
  '500011',
  '500014',
  '700016',
  '700021',
  '700027',
  '700213',
  '700222',
  '700223',
  '7000112',
  '7000114',
  '7000215',
  '7000222',
  '900023',
]);

const causesOf = (error: unknown): ErrorShape[] => {
  const chain: ErrorShape[] = [];
  for (
    let at = error as ErrorShape | undefined;
    at && typeof at === 'object' && chain.length < 5;
    at = at.cause as ErrorShape
  ) {
    if (chain.includes(at)) break;
    chain.push(at);
  }
  return chain;
};

function isPermanentShape(shape: ErrorShape): boolean {
  const codes = [shape.error, shape.errorCode, shape.errorResponse?.error];
  if (codes.some((code) => typeof code === 'string' && permanentCodes.has(code))) return true;
  const text = `${String(shape.message ?? '')} ${String(shape.errorResponse?.errorDescription ?? '')}`;
  if ([...permanentCodes].some((code) => new RegExp(`\\b${code}\\b`).test(text))) return true;
  return [...text.matchAll(/AADSTS(\d+)/g)].some(([, code]) => permanentAadsts.has(code as string));
}

export function isPermanent(error: unknown): boolean {
  return causesOf(error).some(isPermanentShape);
}

function header(headers: unknown, name: string): string | undefined {
  if (headers === null || typeof headers !== 'object') return undefined;
  const value =
    typeof (headers as { get?: unknown }).get === 'function'
      ? (headers as { get(name: string): unknown }).get(name)
      : (headers as Record<string, unknown>)[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Retry-After (RFC 9110 section 10.2.3) in ms: seconds or a date, and Azure's own `retry-after-ms`. `now` is wall time. */
export function retryAfterMs(error: unknown, now: number): number | undefined {
  for (const shape of causesOf(error)) {
    if (typeof shape.retryAfterInMs === 'number' && shape.retryAfterInMs > 0) return shape.retryAfterInMs;
    for (const headers of [shape.response?.headers, shape.headers]) {
      const inMs = Number(header(headers, 'retry-after-ms') ?? NaN);
      if (inMs > 0) return inMs;
      const text = header(headers, 'retry-after');
      if (text === undefined) continue;
      const delay = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
      if (delay > 0) return delay;
    }
  }
  return undefined;
}

/** Exponential from the first delay, with jitter of up to half of it; Retry-After is a floor; a permanent failure waits the longest. */
export function retryDelayMs(
  attempt: number,
  failure: Omit<Failure, 'error'>,
  policy: RetryPolicy,
  random: number,
): number {
  const grown = policy.initialDelayMs * policy.backoffMultiplier ** Math.max(0, attempt - 1);
  const full = failure.permanent ? policy.maxDelayMs : Math.min(policy.maxDelayMs, grown);
  return Math.max(
    full * (0.5 + random / 2),
    failure.retryAfterMs === undefined ? 0 : failure.retryAfterMs * (1 + random / 10),
  );
}
