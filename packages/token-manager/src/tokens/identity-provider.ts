import { EntraRedisError, invalidOption } from '../errors/errors.ts';
import { messageOf } from '../errors/redact.ts';
import { defaultScope } from '../manager/defaults.ts';
import { type Clock, systemClock } from '../time.ts';
import { readClaims } from './claims.ts';
import type { Token } from './credentials.ts';
import { expiryOf, issuedAtOf } from './validate-token.ts';

/** What an identity provider gets about a request. */
export interface TokenRequest {
  /** Aborted when the request times out or the manager closes. */
  readonly signal: AbortSignal;
  /** The provider's cached token is of no use: the server refused it, or the manager has it already. */
  readonly force: boolean;
}

/** Where tokens come from. `fromTokenCredential` makes one from a credential of `@azure/identity`. */
export interface IdentityProvider {
  /** Can reject with anything: Retry-After headers and OAuth or AADSTS codes in it are respected, see `retry.isRetryable`. */
  requestToken(request: TokenRequest): Promise<Token>;
}

/** The part of `TokenCredential` of `@azure/core-auth` that is used, so that it need not be imported. */
export interface TokenCredential {
  getToken(
    scopes: string | string[],
    options?: GetTokenOptions & { abortSignal?: AbortSignal; claims?: string },
  ): Promise<AccessToken | null>;
}

/** What `getToken` of a credential may get, in addition to what the manager passes. Source: `GetTokenOptions` of `@azure/core-auth` */
export interface GetTokenOptions {
  /** The tenant to ask, if it is not the credential's own: one of its `additionallyAllowedTenants`. */
  tenantId?: string;
  /** Continuous access evaluation. Default of `@azure/identity`: false. */
  enableCae?: boolean;
  requestOptions?: { timeout?: number };
  tracingOptions?: object;
}

/** `AccessToken` of `@azure/core-auth`. */
export interface AccessToken {
  token: string;
  /** When it stops being valid, epoch ms. */
  expiresOnTimestamp: number;
  /** When it should be renewed, epoch ms: the `refresh_in` of Entra. */
  refreshAfterTimestamp?: number;
}

/** An empty claims challenge: MSAL passes its cache by. Measured with @azure/identity 4.14 for secret, certificate, workload. */
const bypassCache = '{"access_token":{}}';

export interface CredentialOptions extends GetTokenOptions {
  /** What the token is for. Default `https://redis.azure.com/.default`. */
  scope?: string;
  /** Default: the system's. */
  clock?: Pick<Clock, 'now'>;
}

/**
 * Gets tokens from a credential of `@azure/identity`, or from any object with its `getToken`, which gets further options unchanged.
 *
 * @throws EntraRedisError ERR_INVALID_OPTION if `credential` has no `getToken`
 */
export function fromTokenCredential(credential: TokenCredential, options: CredentialOptions = {}): IdentityProvider {
  if (typeof credential?.getToken !== 'function') {
    throw invalidOption('credential', credential, 'a TokenCredential (getToken)');
  }
  const { scope = defaultScope, clock = systemClock, ...rest } = options;
  const source = new CredentialSource((more) => credential.getToken(scope, { ...rest, ...more }));
  return {
    async requestToken({ signal, force }) {
      return toToken(await source.ask(signal, force), clock.now());
    },
  };
}

type GetToken = (options: { abortSignal: AbortSignal; claims?: string }) => Promise<AccessToken | null>;

/** Asks a credential, past its cache where it can. */
class CredentialSource {
  readonly #getToken: GetToken;
  #last: string | undefined;
  #refusesClaims = false;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  async ask(abortSignal: AbortSignal, force: boolean): Promise<AccessToken | null> {
    const answer =
      force && !this.#refusesClaims ? await this.#pastCache(abortSignal) : await this.#getToken({ abortSignal });
    this.#last = answer?.token;
    return answer;
  }

  async #pastCache(abortSignal: AbortSignal): Promise<AccessToken | null> {
    let error: unknown;
    try {
      const answer = await this.#getToken({ abortSignal, claims: bypassCache });
      // In a chain, where one credential takes no claims, the next one answers: for somebody else.
      if (this.#isOfSame(answer) || abortSignal.aborted) return answer;
    } catch (thrown) {
      if (abortSignal.aborted) throw thrown;
      error = thrown;
    }
    const answer = await this.#getToken({ abortSignal });
    // Azure CLI and PowerShell say so.
    this.#refusesClaims = error === undefined || /claims/i.test(messageOf(error) ?? '');
    // The provider is down, and this is its cache.
    if (!this.#refusesClaims && answer?.token === this.#last) throw error;
    return answer;
  }

  #isOfSame(answer: AccessToken | null): boolean {
    if (this.#last === undefined || typeof answer?.token !== 'string') return true;
    return readClaims(answer.token).oid === readClaims(this.#last).oid;
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
  const expiresAt = expiryOf(token, answer.expiresOnTimestamp, now, 'expiresOnTimestamp');
  return {
    value: token,
    expiresAt,
    obtainedAt: issuedAtOf(token, expiresAt, now),
    ...(refreshAfterTimestamp === undefined ? {} : { refreshAfter: refreshAfterTimestamp }),
  };
}
