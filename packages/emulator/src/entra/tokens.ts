import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import type { IssuedToken, TokenVerifier, Verdict } from '../types.ts';

/** What a token for Azure's caches is meant for. Source: https://learn.microsoft.com/azure/redis/entra-for-authentication */
export const redisAudience = 'https://redis.azure.com';
/** The application id form of the same. */
export const redisApplicationId = 'acca5fbb-b7e4-4009-81f1-37e38fd66d78';

const audiences: ReadonlySet<string> = new Set([redisAudience, `${redisAudience}/`, redisApplicationId]);

export interface TokenClaims {
  readonly clientId: string;
  readonly objectId: string;
  readonly audience: string;
  readonly lifetimeMs: number;
}

export interface TokenIssuer {
  readonly jwks: { readonly keys: readonly JWK[] };
  issue(claims: TokenClaims): Promise<IssuedToken>;
  readonly verifier: TokenVerifier;
}

interface SigningKey {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  readonly kid: string;
  readonly jwk: JWK;
}

let signingKey: Promise<SigningKey> | undefined;

/** One for the whole process, as Entra signs for every tenant with the same keys: an RSA key takes up to a second to make. */
function processKey(): Promise<SigningKey> {
  signingKey ??= (async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = await exportJWK(publicKey);
    return { publicKey, privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
  })();
  return signingKey;
}

const issuerOf = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

/** Signs the tokens of a tenant and verifies them. A part of a second in a lifetime is kept: `exp` may be a fraction (RFC 7519). */
export async function createTokenIssuer(tenantId: string, now: () => number = () => Date.now()): Promise<TokenIssuer> {
  const { publicKey, privateKey, kid, jwk } = await processKey();
  const issued = new Map<string, IssuedToken>();
  return {
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] },
    issue: async (claims) => {
      const token = await sign(claims, tenantId, { privateKey, kid, now: now() });
      for (const [value, { expiresAt }] of issued) if (expiresAt <= now()) issued.delete(value);
      if (audiences.has(claims.audience)) issued.set(token.value, token);
      return token;
    },
    verifier: {
      // What was signed here needs no second look: a login is judged at once, as Redis does.
      verify: (username, password) => {
        const known = issued.get(password);
        return known === undefined
          ? verifyJwt(username, password, { key: publicKey, tenantId, now })
          : judge(username, known, now());
      },
    },
  };
}

async function sign(
  claims: TokenClaims,
  tenantId: string,
  { privateKey, kid, now }: { privateKey: CryptoKey; kid: string; now: number },
): Promise<IssuedToken> {
  const { clientId, objectId, audience } = claims;
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = now + claims.lifetimeMs;
  const own = { tid: tenantId, appid: clientId, oid: objectId, sub: objectId, uti: randomUUID(), ver: '1.0' };
  const value = await new SignJWT(own)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(issuerOf(tenantId))
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(expiresAt / 1000)
    .sign(privateKey);
  return { value, expiresAt, objectId };
}

async function verifyJwt(
  username: string,
  token: string,
  { key, tenantId, now }: { key: CryptoKey; tenantId: string; now: () => number },
): Promise<Verdict> {
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer: issuerOf(tenantId),
      audience: [...audiences],
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'oid'],
    });
    const expiresAt = (payload.exp as number) * 1000;
    return judge(username, { objectId: String(payload['oid']), expiresAt }, now());
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

/** jose compares whole seconds. */
function judge(username: string, { objectId, expiresAt }: Omit<IssuedToken, 'value'>, now: number): Verdict {
  if (expiresAt <= now) return { ok: false, reason: 'the token has expired' };
  if (objectId !== username) return { ok: false, reason: 'the user name is not the object id (oid) of the token' };
  return { ok: true, objectId, expiresAt };
}

/** jose's codes in words; its messages may quote claims. */
function reasonOf(error: unknown): string {
  const { code, claim } = error as { code?: string; claim?: string };
  if (code === 'ERR_JWT_EXPIRED') return 'the token has expired';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
    if (claim === 'aud') return 'the token is meant for another audience';
    return claim === 'iss' ? 'the token is of another tenant' : `the claim ${claim} of the token is missing or wrong`;
  }
  if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return 'the token is not signed by this identity provider';
  return 'the password is not a token';
}
