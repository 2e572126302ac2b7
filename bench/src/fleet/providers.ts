import type { Clock, IdentityProvider, Token } from '@entra-redis/token-manager';
import type { Rate } from './rates.ts';

export const minute = 60_000;
export const hour: number = 60 * minute;

/** Where the processes of a fleet get their tokens. */
export interface TokenSource {
  readonly lifetimeMs: number;
  /** Entra is down until then. */
  outage: { readonly from: number; readonly to: number } | undefined;
  /** The identity provider of one process. */
  provider(): IdentityProvider;
}

export type SourceName = 'fresh' | 'msal' | 'managed-identity';

interface SourceOptions {
  readonly clock: Clock;
  readonly requests: Rate;
}

let issued = 0;

/**
 * `fresh`: each request gets a new token of an hour. `msal`: a secret or certificate through `@azure/identity`, which answers from its cache
 * until five minutes before expiry, unless asked past it. `managed-identity`: a day, renewed by the library after half of it, whatever it is asked.
 */
export function sourceOf(name: SourceName, { clock, requests }: SourceOptions): TokenSource {
  const lifetimeMs = name === 'managed-identity' ? 24 * hour : hour;
  const source: TokenSource = {
    lifetimeMs,
    outage: undefined,
    provider: () => {
      let cached: Token | undefined;
      return {
        requestToken: async ({ force }) => {
          const now = clock.now();
          if (cached !== undefined && isServed(name, cached, now, force)) return cached;
          requests.count(now);
          const { outage } = source;
          if (outage !== undefined && now >= outage.from && now < outage.to) throw new Error('Entra is down');
          const former = cached;
          cached = issue(name, now, lifetimeMs);
          // MSAL's first call past the half-life starts the request and answers with the old token.
          return name === 'managed-identity' && former !== undefined && former.expiresAt - now > 5 * minute
            ? former
            : cached;
        },
      };
    },
  };
  return source;
}

function issue(name: SourceName, now: number, lifetimeMs: number): Token {
  issued += 1;
  const token = { value: `token-${issued}`, obtainedAt: now, expiresAt: now + lifetimeMs };
  return name === 'managed-identity' ? { ...token, refreshAfter: now + lifetimeMs / 2 } : token;
}

function isServed(name: SourceName, cached: Token, now: number, force: boolean): boolean {
  if (name === 'fresh') return false;
  if (name === 'msal') return !force && cached.expiresAt - now > 5 * minute;
  return now < (cached.refreshAfter ?? Infinity);
}
