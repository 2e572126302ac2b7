import { readClaims } from '../tokens/claims.ts';
import type { Credentials } from '../tokens/credentials.ts';
import { EntraRedisError } from './errors.ts';
import { withoutSecret } from './redact.ts';

/** What tokens for Azure's caches are meant for. Source: https://learn.microsoft.com/azure/redis/entra-for-authentication */
const audiences = ['https://redis.azure.com', 'acca5fbb-b7e4-4009-81f1-37e38fd66d78'];

/** What else is known of the refused token. */
export interface RefusalContext {
  /** The wall clock, epoch ms. Default: now. */
  readonly now?: number;
  /** The scope that was asked for, where it is not the usual one. */
  readonly scope?: string | undefined;
  /** The tenant of a token that a server took. */
  readonly formerTenant?: string | undefined;
  /** The server, as `host:port`: the message then says how to let the doctor look at it. */
  readonly address?: string | undefined;
}

/**
 * ERR_AUTH_REFUSED, for adapters: the cache refused these credentials. From the claims of the token, the message says whether it has
 * expired, is meant for something else, or comes from another tenant than before; otherwise the access policy is what to check.
 *
 * @param refused the credentials, or their user name alone (an object id, by default)
 * @param cause what the server said: its name, code and message are kept, without the token
 */
export function authRefused(
  refused: string | Credentials,
  cause: unknown,
  context: RefusalContext = {},
): EntraRedisError {
  const { address } = context;
  const doctor = address === undefined ? '' : ` ${runDoctor(address)}`;
  if (typeof refused === 'string') return refusal(refused, policyAdvice('') + doctor, withoutSecret(cause, ''));
  return refusal(refused.username, adviceOn(refused, context) + doctor, withoutSecret(cause, refused.password));
}

const refusal = (username: string, advice: string, cause: unknown): EntraRedisError =>
  new EntraRedisError('ERR_AUTH_REFUSED', `The cache refused the token of object id ${username}. ${advice}`, { cause });

const namedAddress = /^(?=.*[a-z])[\w.-]+:\d+$/i;

/** The doctor checks the certificate against a name, so an IP address is of no use to it. */
export const runDoctor = (address = ''): string =>
  `Run: npx entra-redis doctor ${namedAddress.test(address) ? address : 'HOST:PORT'}`;

const policyAdvice = (tenant: string): string =>
  'Check that its data access configuration assigns an access policy to exactly this object id (of the service principal or managed ' +
  `identity, not the application id), and that the token is meant for Redis, in this cloud${tenant}.`;

function adviceOn(
  { password, expiresAt }: Credentials,
  { now = Date.now(), scope, formerTenant }: RefusalContext,
): string {
  const { aud, exp = Infinity, tid } = readClaims(password);
  const endedAt = Math.min(expiresAt, exp * 1000);
  if (endedAt <= now) {
    return `The token expired at ${new Date(endedAt).toISOString()}, and it is ${new Date(now).toISOString()} here: check the clock of this machine.`;
  }
  const audience = aud?.replace(/\/$/, '');
  const isUsual = audience === undefined || audiences.includes(audience);
  const isAskedFor = audience === scope?.replace(/\/{1,2}\.default$/, '');
  if (!isUsual && !isAskedFor) {
    return `The token is for ${aud}, but the caches of Azure need ${audiences[0]}: leave out the "scope" option, or check what the provider asks for.`;
  }
  if (tid !== undefined && formerTenant !== undefined && tid !== formerTenant) {
    return `The token comes from tenant ${tid}, and the one before from ${formerTenant}: check which credential answers, and its tenant.`;
  }
  // Another cloud may have an audience of its own.
  const asked = isUsual
    ? ''
    : `The token is for ${aud}, as the "scope" option asks; the public cloud needs ${audiences[0]}. `;
  return asked + policyAdvice(tid === undefined ? '' : ` and tenant (the token comes from tenant ${tid})`);
}
