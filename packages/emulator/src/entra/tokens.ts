import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import type { IssuedToken, TokenVerifier } from '../types.ts';

/** What a token for Azure's caches is meant for. Source: https://learn.microsoft.com/azure/redis/entra-for-authentication */
export const redisAudience = 'https://redis.azure.com';
/** The application id form of the same. */
export const redisApplicationId = 'acca5fbb-b7e4-4009-81f1-37e38fd66d78';

export interface TokenClaims {
  readonly tenantId: string;
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

/** Signs tokens with a key of its own and verifies them. A part of a second in a lifetime is kept: `exp` may be a fraction (RFC 7519). */
export async function createTokenIssuer(now: () => number = Date.now): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);

  const issue = async (claims: TokenClaims): Promise<IssuedToken> => {
    const issuedAt = Math.floor(now() / 1000);
    const expiresAt = (now() + claims.lifetimeMs) / 1000;
    const { tenantId, clientId, objectId, audience } = claims;
    const value = await new SignJWT({
      tid: tenantId,
      appid: clientId,
      oid: objectId,
      sub: objectId,
      uti: randomUUID(),
      ver: '1.0',
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(`https://sts.windows.net/${tenantId}/`)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
    return { value, expiresAt: expiresAt * 1000, objectId };
  };

  const verify: TokenVerifier['verify'] = async (username, password) => {
    try {
      const { payload } = await jwtVerify(password, publicKey, {
        audience: [redisAudience, `${redisAudience}/`, redisApplicationId],
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'oid'],
      });
      const objectId = String(payload['oid']);
      if (objectId !== username) return { ok: false, reason: 'the user name is not the object id (oid) of the token' };
      const expiresAt = (payload.exp as number) * 1000;
      // jose compares whole seconds.
      return expiresAt > now() ? { ok: true, objectId, expiresAt } : { ok: false, reason: 'the token has expired' };
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  };

  return { jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] }, issue, verifier: { verify } };
}

/** jose's codes in words; its messages may quote claims. */
function reasonOf(error: unknown): string {
  const { code, claim } = error as { code?: string; claim?: string };
  if (code === 'ERR_JWT_EXPIRED') return 'the token has expired';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
    return claim === 'aud'
      ? 'the token is meant for another audience'
      : `the claim ${claim} of the token is missing or wrong`;
  }
  if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return 'the token is not signed by this identity provider';
  return 'the password is not a token';
}
