/** What to do about a failed token request. Pure. */
import { entraProblemsOf } from '../errors/entra-codes.ts';
import { longestMessage } from '../errors/redact.ts';

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

/** A failure that may heal by itself, of which nothing else is known. */
export const transient: Omit<Failure, 'error'> = { permanent: false, retryAfterMs: undefined };

interface ErrorShape {
  message?: unknown;
  error?: unknown;
  errorResponse?: { error?: unknown; errorDescription?: unknown };
  errorCode?: unknown;
  retryAfterInMs?: unknown;
  response?: { headers?: unknown };
  headers?: unknown;
  cause?: unknown;
}

/** OAuth error codes (RFC 6749 section 5.2) that no repetition heals. */
const permanentCode = /\b(invalid_client|unauthorized_client|invalid_scope|unsupported_grant_type)\b/;

/** The error and its causes; not all of them, because they may go round in circles. */
function causesOf(error: unknown): ErrorShape[] {
  const chain: ErrorShape[] = [];
  let next = error as ErrorShape | undefined | null;
  while (next !== undefined && next !== null && chain.length < 5) {
    chain.push(next);
    next = next.cause as ErrorShape;
  }
  return chain;
}

function textOf({ error, errorCode, errorResponse, message }: ErrorShape): string {
  return [error, errorCode, message, errorResponse?.error, errorResponse?.errorDescription]
    .filter((each) => typeof each === 'string')
    .map((each) => each.slice(0, longestMessage))
    .join(' ');
}

/** Entra's own code knows better than OAuth's: a federated token that is being rotated is an invalid_client, too. */
export function isPermanent(error: unknown): boolean {
  const text = causesOf(error).map(textOf).join(' ');
  const problems = entraProblemsOf(text);
  return problems.length === 0 ? permanentCode.test(text) : !problems.includes('assertion-time');
}

/** A header as text, of `Headers` or of a plain object; empty where there is none. */
function header(headers: unknown, name: string): string {
  const source = headers as { get?: unknown } & Record<string, unknown>;
  return String((typeof source?.get === 'function' ? source.get(name) : source?.[name]) ?? '').trim();
}

/** Retry-After (RFC 9110 section 10.2.3) in ms: seconds or a date, and Azure's own `retry-after-ms`. `now` is wall time. */
export function retryAfterMs(error: unknown, now: number): number | undefined {
  for (const shape of causesOf(error)) {
    if (typeof shape.retryAfterInMs === 'number' && shape.retryAfterInMs > 0) return shape.retryAfterInMs;
    for (const headers of [shape.response?.headers, shape.headers]) {
      const inMs = Number(header(headers, 'retry-after-ms'));
      if (inMs > 0) return inMs;
      const text = header(headers, 'retry-after');
      const delay = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
      if (delay > 0) return delay;
    }
  }
  return undefined;
}

/** A Retry-After of a day is a mistake, or an attempt to keep us away: what it asks for is respected up to this, or `maxDelayMs`. */
const longestRetryAfterMs = 600_000;

/** Exponential from the first delay, with jitter of up to half of it; Retry-After is a floor, within bounds; a permanent failure waits the longest. */
export function retryDelayMs(
  attempt: number,
  failure: Omit<Failure, 'error'>,
  policy: RetryPolicy,
  random: number,
): number {
  const grown = policy.initialDelayMs * policy.backoffMultiplier ** Math.max(0, attempt - 1);
  const full = failure.permanent ? policy.maxDelayMs : Math.min(policy.maxDelayMs, grown);
  const asked = Math.min(failure.retryAfterMs ?? 0, Math.max(policy.maxDelayMs, longestRetryAfterMs));
  return Math.max(full * (0.5 + random / 2), asked * (1 + random / 10));
}
