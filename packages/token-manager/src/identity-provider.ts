import type { Token } from './token.ts';

export interface TokenRequest {
  /** Aborted when the request times out or the manager closes. */
  readonly signal: AbortSignal;
  /** True after the cache refused the last token: an answer from a cache of the provider's own is of no use. */
  readonly force: boolean;
}

/** Where tokens come from. `fromTokenCredential` makes one from a credential of `@azure/identity`. */
export interface IdentityProvider {
  requestToken(request: TokenRequest): Promise<Token>;
}

/** The part of `TokenCredential` of `@azure/core-auth` that is used, so that no import of it is needed. */
export interface TokenCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: AbortSignal; claims?: string },
  ): Promise<AccessToken | null>;
}

export interface AccessToken {
  token: string;
  /** Epoch ms. */
  expiresOnTimestamp: number;
  /** Epoch ms. */
  refreshAfterTimestamp?: number;
}
