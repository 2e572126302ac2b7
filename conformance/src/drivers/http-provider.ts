import type { EntraServer } from '@entra-redis/emulator';
import { type Clock, type IdentityProvider, systemClock } from '@entra-redis/token-manager';

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
 * Asks the token URL, as a virtual machine asks IMDS; with no cache of its own, unlike MSAL. Like MSAL it counts the life of a token
 * from the clock here, which need not be right.
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
    throw Object.assign(new Error(`the identity provider answered ${status}`), { response: { status, headers: told } });
  }
  const { access_token: value, expires_on: reported } = (await response.json()) as {
    access_token: string;
    expires_on: string;
  };
  const { exp } = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number };
  // `expires_on` is `exp` in whole seconds, unless the target wants it renewed long before.
  const expires = Number(reported) < exp - 1 ? Number(reported) : exp;
  return { value, obtainedAt, expiresAt: clock.now() + (expires * 1000 - Date.now()) };
}

export const httpProvider = (tokenUrl: string, clock?: Pick<Clock, 'now'>): IdentityProvider => ({
  requestToken: ({ signal }) => fetchToken(tokenUrl, signal, clock),
});
