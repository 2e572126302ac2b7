import type { EntraServer } from '@entra-redis/emulator';
import { type Clock, type IdentityProvider, systemClock, withoutTokens } from '@entra-redis/token-manager';

/** Where a fake Entra answers as IMDS. */
export const tokenUrlOf = ({ imdsHost }: Pick<EntraServer, 'imdsHost'>): string =>
  `${imdsHost}/metadata/identity/oauth2/token/?resource=https://redis.azure.com`;

/** A token as the token URL hands it out. */
export interface HttpToken {
  readonly value: string;
  readonly obtainedAt: number;
  readonly expiresAt: number;
}

/**
 * Asks the token URL, as a virtual machine asks IMDS; with no cache of its own, unlike MSAL. With a clock other than the machine's it counts
 * the life of a token from that, as MSAL does; it need not be right.
 */
export async function fetchToken(
  tokenUrl: string,
  signal?: AbortSignal,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<HttpToken> {
  const obtainedAt = clock.now();
  const headers = { metadata: 'true', connection: 'close' };
  const response = await fetch(tokenUrl, { headers, ...(signal === undefined ? {} : { signal }) });
  if (!response.ok) {
    const { status } = response;
    const told = Object.fromEntries(response.headers);
    const text = withoutTokens(await response.text());
    throw Object.assign(new Error(`the identity provider answered ${status}: ${text}`), {
      response: { status, headers: told },
    });
  }
  const { access_token: value, expires_on: reported } = (await response.json()) as {
    access_token: string;
    expires_on: string;
  };
  const { exp } = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number };
  // `expires_on` is `exp` in whole seconds, unless the target wants it renewed long before, or states it wrong.
  const expires = Math.abs(Number(reported) - exp) > 1 ? Number(reported) : exp;
  return { value, obtainedAt, expiresAt: expires * 1000 + clock.now() - systemClock.now() };
}

export interface ProviderOptions {
  /** Counts the life of a token. Default: the machine's. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
  /** Answers with the token that it has until that expires by this clock, unless a request is forced. */
  readonly cachedBy?: Pick<Clock, 'now'> | undefined;
}

export function httpProvider(tokenUrl: string, { clock, cachedBy }: ProviderOptions = {}): IdentityProvider {
  let cached: HttpToken | undefined;
  return {
    requestToken: async ({ signal, force }) => {
      if (cachedBy !== undefined && cached !== undefined && !force && cached.expiresAt > cachedBy.now()) return cached;
      cached = await fetchToken(tokenUrl, signal, clock);
      return cached;
    },
  };
}
