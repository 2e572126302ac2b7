import type { EntraServer } from '@entra-redis/emulator';
import type { IdentityProvider } from '@entra-redis/token-manager';

/** Tokens over HTTP from the target's Entra, as a virtual machine gets them; with no cache of its own, unlike MSAL. */
export function httpProvider(entra: EntraServer): IdentityProvider {
  return {
    async requestToken({ signal }) {
      const url = `${entra.imdsHost}/metadata/identity/oauth2/token/?resource=https://redis.azure.com`;
      const obtainedAt = Date.now();
      const response = await fetch(url, { headers: { metadata: 'true', connection: 'close' }, signal });
      if (!response.ok) {
        const headers = Object.fromEntries(response.headers);
        throw Object.assign(new Error(`the identity provider answered ${response.status}`), { response: { headers } });
      }
      const { access_token: value } = (await response.json()) as { access_token: string };
      const { exp } = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
        exp: number;
      };
      return { value, obtainedAt, expiresAt: exp * 1000 };
    },
  };
}
