import { type Clock, systemClock } from './clock.ts';
import { EntraRedisError } from './errors.ts';
import type { Token } from './token.ts';
import { endOf, startOf } from './token-life.ts';

/** What an identity provider is told about a request. */
export interface TokenRequest {
  /** Aborted when the request times out or the manager closes. */
  readonly signal: AbortSignal;
  /** True after the cache refused the last token: an answer from a cache of the provider's own is of no use. */
  readonly force: boolean;
}

/** Where tokens come from. `fromTokenCredential` makes one from a credential of `@azure/identity`. */
export interface IdentityProvider {
  /** May reject with anything: Retry-After headers and OAuth or AADSTS codes in it are heeded, see `retry.isRetryable`. */
  requestToken(request: TokenRequest): Promise<Token>;
}

/** The part of `TokenCredential` of `@azure/core-auth` that is used, so that no import of it is needed. */
export interface TokenCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: AbortSignal; claims?: string },
  ): Promise<AccessToken | null>;
}

/** `AccessToken` of `@azure/core-auth`. */
export interface AccessToken {
  token: string;
  /** When it stops being valid, epoch ms. */
  expiresOnTimestamp: number;
  /** When it should be renewed, epoch ms: what Entra said by `refresh_in`. */
  refreshAfterTimestamp?: number;
}

/** The scope of Azure's caches in every cloud. Source: https://learn.microsoft.com/azure/redis/entra-for-authentication */
export const defaultScope = 'https://redis.azure.com/.default';

/** An empty claims challenge: MSAL passes its cache by. Measured with @azure/identity 4.14 for secret, certificate, workload. */
const bypassCache = '{"access_token":{}}';

/**
 * Gets tokens through a credential of `@azure/identity`, or whatever has its `getToken`.
 *
 * @param options.scope default `https://redis.azure.com/.default`
 * @param options.clock default: the system's
 */
export function fromTokenCredential(
  credential: TokenCredential,
  options: { scope?: string; clock?: Pick<Clock, 'now'> } = {},
): IdentityProvider {
  const { scope = defaultScope, clock = systemClock } = options;
  return {
    async requestToken({ signal, force }) {
      return toToken(await ask(credential, scope, signal, force), clock.now());
    },
  };
}

async function ask(
  credential: TokenCredential,
  scope: string,
  abortSignal: AbortSignal,
  force: boolean,
): Promise<AccessToken | null> {
  if (!force) return await credential.getToken(scope, { abortSignal });
  try {
    return await credential.getToken(scope, { abortSignal, claims: bypassCache });
  } catch (error) {
    if (abortSignal.aborted) throw error;
    // Some credentials (Azure CLI) refuse claims, and have no cache that would need them.
    return await credential.getToken(scope, { abortSignal });
  }
}

function toToken(answer: AccessToken | null, now: number): Token {
  if (typeof answer?.token !== 'string') {
    throw new EntraRedisError(
      'ERR_TOKEN_INVALID',
      'The credential returned no token: check that it is configured for this environment.',
    );
  }
  const { token, refreshAfterTimestamp } = answer;
  const expiresAt = endOf(token, answer.expiresOnTimestamp, now, 'expiresOnTimestamp');
  return {
    value: token,
    expiresAt,
    obtainedAt: startOf(token, expiresAt, now),
    ...(refreshAfterTimestamp === undefined ? {} : { refreshAfter: refreshAfterTimestamp }),
  };
}
