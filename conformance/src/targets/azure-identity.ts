import type { AccessToken, TokenCredential } from '@azure/identity';

const scope = 'https://redis.azure.com/.default';
/** They make MSAL pass its cache by. */
const withClaims = { claims: '{"access_token":{}}' };

export interface AzureIdentity {
  /** Whether each request brings a new token. Azure CLI and managed identities answer one for hours. */
  readonly renews: boolean;
  /** A new token, where the identity can do that. */
  readonly token: () => Promise<AccessToken>;
}

/** Finds out by two requests what this credential can do; rejects with its error where it has no token. */
export async function azureIdentity(credential: TokenCredential): Promise<AzureIdentity> {
  const ask = async (options: object): Promise<AccessToken> => {
    const token = await credential.getToken(scope, options);
    if (token === null) throw new Error('The credential answers no token.');
    return token;
  };
  const first = await ask(withClaims).catch((error: unknown) => {
    if (isAboutClaims(error)) return undefined;
    throw error;
  });
  const options = first === undefined ? {} : withClaims;
  const former = first ?? (await ask(options));
  const latter = await ask(options);
  return { renews: former.token !== latter.token, token: () => ask(options) };
}

/** Managed identities ignore claims; credentials of developers' tools say that they do not support them. */
const isAboutClaims = (error: unknown): boolean => error instanceof Error && /\bclaims\b/i.test(error.message);
