import { defaultScope } from '@entra-redis/token-manager';
import { type Claims, describeIdentity, readClaims } from '../claims.ts';
import { failed, instant, ok, remedy, spell, warning } from '../finding.ts';
import { type Details, type Finding, needed, type Remedy, type Step, type TokenAnswer, type Visit } from '../types.ts';

export const token: Step = { id: 'token', title: 'Token', exitCode: 14, run };

/** Source: https://learn.microsoft.com/azure/redis/entra-for-authentication */
const audiences: ReadonlySet<string> = new Set([
  'https://redis.azure.com',
  'https://redis.azure.com/',
  'acca5fbb-b7e4-4009-81f1-37e38fd66d78',
]);
/** Entra's own tolerance between two clocks is 5 min; what is off by less than this is the whole seconds of the answers. */
const noticeableSkewMs = 30_000;
const shortMs = 5 * 60_000;

async function run(visit: Visit): Promise<Finding> {
  const answer = needed(visit.answer, 'token');
  const claims = readClaims(answer.token.value);
  if (claims === undefined) {
    return failed('token-opaque', 'The answer is not a JWT, so it names no object id to log in with.', {
      remedies: [scopeRemedy],
    });
  }
  visit.claims = claims;
  const username = visit.options.username ?? claims.objectId;
  if (username === undefined) {
    return failed('token-no-object-id', 'The token names no object id (claim oid), which is the user name for AUTH.', {
      remedies: [
        scopeRemedy,
        remedy('If the cache knows the identity by another name:', 'npx entra-redis doctor … --username NAME'),
      ],
    });
  }
  visit.username = username;
  const now = visit.io.now();
  const more = tell(claims, answer, username, now);
  return judge(claims, visit, now, more) ?? ok(`For ${whose(claims)}.`, more);
}

/** A token need not name an object id where --username is given. */
const whose = (claims: Claims): string =>
  describeIdentity(claims) + (claims.objectId === undefined ? '' : `, object id ${claims.objectId}`);

const scopeRemedy = remedy(`The scope must be ${defaultScope}: leave out --scope.`);

interface Told {
  readonly lines: readonly string[];
  readonly details: Details;
}

function tell(claims: Claims, { token: { expiresAt } }: TokenAnswer, username: string, now: number): Told {
  const { audience, tenantId, applicationId, identity } = claims;
  const lines = [
    `Audience ${audience ?? 'none'}, tenant ${tenantId ?? 'unknown'}${applicationId === undefined ? '' : `, application ${applicationId}`}.`,
    `Valid until ${instant(expiresAt)} (${spell(expiresAt - now)}).`,
  ];
  const details: Details = {
    identity,
    objectId: claims.objectId ?? '',
    username,
    audience: audience ?? '',
    tenantId: tenantId ?? '',
    applicationId: applicationId ?? '',
    expiresAt: new Date(expiresAt).toISOString(),
    validForMs: Math.round(expiresAt - now),
    ...(claims.expiresAt === undefined ? {} : { clockSkewMs: Math.round(skewOf(claims, expiresAt, now)) }),
  };
  return { lines, details };
}

/**
 * How much the clock of this machine is ahead of Entra's (behind: negative). MSAL adds `expires_in` to its own clock, the claim
 * is by Entra's; and nothing is issued in the future.
 */
function skewOf(claims: Claims, expiresAt: number, now: number): number {
  const byExpiry = claims.expiresAt === undefined ? 0 : expiresAt - claims.expiresAt;
  const future = (claims.notBefore ?? claims.issuedAt ?? 0) - now;
  return future > noticeableSkewMs && Math.abs(byExpiry) < future ? -future : byExpiry;
}

/** A failure, a warning, or nothing to say. */
function judge(claims: Claims, visit: Visit, now: number, more: Told): Finding | undefined {
  const told = needed(visit.answer, 'token').token.expiresAt;
  const expiresAt = claims.expiresAt ?? told;
  const skew = skewOf(claims, told, now);
  const clock = `The clock of this machine is about ${spell(skew)} ${skew > 0 ? 'ahead of' : 'behind'} that of Microsoft Entra.`;
  const setClock = remedy(
    `Synchronize the clock (NTP). This machine says ${instant(now)}; to see it again:`,
    'date -u',
  );
  if (expiresAt <= now) return { ...expired(now - expiresAt, setClock), ...more };
  if (!audiences.has(claims.audience ?? '')) return wrongAudience(claims, visit, more);
  if (Math.abs(skew) > noticeableSkewMs) {
    return warning('token-clock-skew', `${clock} Tokens would be renewed too early or too late.`, {
      ...more,
      remedies: [setClock],
    });
  }
  if (expiresAt - now < shortMs) {
    return warning('token-short', `For ${whose(claims)}; it expires soon.`, {
      ...more,
      remedies: [
        remedy(
          'Tokens of Microsoft Entra are valid for an hour or more. This one is from an emulator, or from a cache shortly before it expires: both are harmless.',
        ),
      ],
    });
  }
  return undefined;
}

function expired(agoMs: number, setClock: Remedy): Finding {
  const found = `The token expired ${spell(agoMs)} ago by the clock of this machine, although it was issued just now.`;
  return failed('token-expired', found, {
    remedies: [
      setClock,
      remedy('If the clock is right, a cache of the credential returned an old token: sign in again.', 'az login'),
    ],
  });
}

function wrongAudience({ audience }: Claims, { options }: Visit, more: Told): Finding {
  const words = `The token is for ${audience ?? 'nobody'}, not for Redis.`;
  if (options.scope === defaultScope) return failed('token-audience', words, { ...more, remedies: [scopeRemedy] });
  return failed('token-audience', words, {
    ...more,
    remedies: [remedy(`That follows from --scope ${options.scope}. ${scopeRemedy.text}`)],
  });
}
