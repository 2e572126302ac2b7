import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Verdict } from '@entra-redis/emulator';
import type { Cloud } from './clouds.ts';

const cacheName = 'my-cache';
const userId = 'my-user';
const keyId = 'AKIDEXAMPLE';
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const tokenLifeMs = 15 * 60_000;
const connectionLifeMs = 12 * 3_600_000;

/**
 * A replication group of ElastiCache with IAM: a token is a presigned request without its scheme, 15 minutes old at most; a connection lives for 12 hours
 * from its last login. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export async function startElasticache(now: () => number = Date.now): Promise<Cloud> {
  return {
    env: { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret },
    verifier: {
      verify: (username, password) => verify(username, password, now()),
    },
    close: async () => undefined,
  };
}

function verify(username: string, token: string, now: number): Verdict {
  if (!URL.canParse(`https://${token}`)) return refused('the token is no request');
  const { host, pathname, searchParams: query } = new URL(`https://${token}`);
  if (username !== userId || query.get('User') !== username) return refused('another user');
  if (host !== cacheName || pathname !== '/' || query.get('Action') !== 'connect') return refused('another request');
  if (query.has('ResourceType')) return refused('for a serverless cache');
  const signedAt = parseDate(query.get('X-Amz-Date') ?? '');
  const expiresInMs = Number(query.get('X-Amz-Expires')) * 1000;
  if (!(expiresInMs > 0 && expiresInMs <= tokenLifeMs)) return refused('not for at most 15 minutes');
  if (!(now < signedAt + expiresInMs && now > signedAt - 60_000)) return refused('expired, or of the future');
  if (!isSigned(host, query)) return refused('the signature is wrong');
  return { ok: true, objectId: username, expiresAt: now + connectionLifeMs };
}

const refused = (reason: string): Verdict => ({ ok: false, reason });

/** `20261126T031500Z`. */
const parseDate = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Signature Version 4 in the query: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned(host: string, query: URLSearchParams): boolean {
  const [key, day = '', region = '', service = '', end] = (query.get('X-Amz-Credential') ?? '').split('/');
  if (key !== keyId || service !== 'elasticache' || end !== 'aws4_request') return false;
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || query.get('X-Amz-SignedHeaders') !== 'host') return false;
  const canonicalQuery = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const request = ['GET', '/', canonicalQuery, `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = [day, region, service, end].join('/');
  const toSign = ['AWS4-HMAC-SHA256', query.get('X-Amz-Date'), scope, sha256(request)].join('\n');
  const signingKey = [day, region, service, end].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
  const wanted = hmac(signingKey, toSign);
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '', 'hex');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
