/** When to ask for the next token. Pure: every instant is in the manager's own time, in ms. */

/** The instants of a token that count for its schedule. */
export interface TokenLife {
  readonly obtainedAt: number;
  readonly expiresAt: number;
  readonly refreshAfter: number | undefined;
}

export interface RenewalPolicy {
  readonly expirationRefreshRatio: number;
  /** Undefined: `safetyMarginMs` of the token's life. */
  readonly lowerRefreshBoundMs: number | undefined;
  /** 0 also means that a first renewal is not spread. */
  readonly jitterRatio: number;
  readonly minIntervalMs: number;
  /** If a renewal returns the current token, another one is requested, past the provider's cache. */
  readonly pastCache: boolean;
}

const azureMarginMs = 180_000;
/** `@azure/identity` (MSAL) answers from its cache until this long before expiry. */
const msalWindowMs = 300_000;

/**
 * How long before expiry every AUTH should be done: Azure asks for 3 minutes; a tenth of the life where that is shorter.
 * Source: https://learn.microsoft.com/azure/redis/entra-for-authentication
 */
export function safetyMarginMs(lifeMs: number): number {
  return Math.min(azureMarginMs, Math.max(0, lifeMs) / 10);
}

const lengthMs = ({ obtainedAt, expiresAt }: TokenLife): number => Math.max(0, expiresAt - obtainedAt);

/** The first of ratio, lower bound and the provider's own wish. */
function latestRenewalAt(life: TokenLife, policy: RenewalPolicy): number {
  const lifeMs = lengthMs(life);
  const bound = policy.lowerRefreshBoundMs ?? safetyMarginMs(lifeMs);
  const ratioAt = life.obtainedAt + policy.expirationRefreshRatio * lifeMs;
  return Math.min(ratioAt, life.expiresAt - bound, life.refreshAfter ?? Infinity);
}

/** Jitter only makes it earlier. */
export function plannedRenewalAt(life: TokenLife, policy: RenewalPolicy, random: number): number {
  return latestRenewalAt(life, policy) - policy.jitterRatio * lengthMs(life) * random;
}

/** How far apart the requests are of a provider that gives nothing better: it never shrinks. */
const paceMs = ({ obtainedAt, expiresAt }: TokenLife, { minIntervalMs }: RenewalPolicy): number =>
  Math.min(30_000, Math.max(minIntervalMs, (expiresAt - obtainedAt) * 0.05));

/** Entra issues none that live shorter. Source: https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes */
const shortestSpreadLifeMs = 600_000;
/** A first renewal leaves a token at least this part of its life. */
const earliestSpread = 0.1;

/** Whether the first renewal after a start or an outage is spread over the life: processes that started together move apart at once. */
export const isSpread = (life: TokenLife, { jitterRatio }: RenewalPolicy): boolean =>
  jitterRatio > 0 && lengthMs(life) >= shortestSpreadLifeMs;

/**
 * When to ask for the next token after this one came: as planned, or at a steady pace where that has passed already.
 *
 * @param spread at any instant between a tenth of the life and the plan
 */
export function renewAt(life: TokenLife, now: number, policy: RenewalPolicy, random: number, spread: boolean): number {
  const soonest = now + Math.min(paceMs(life, policy), Math.max(policy.minIntervalMs, (life.expiresAt - now) / 2));
  const latest = latestRenewalAt(life, policy);
  const earliest = Math.max(soonest, life.obtainedAt + earliestSpread * lengthMs(life));
  if (spread && earliest < latest) return latest - (latest - earliest) * random;
  return Math.max(plannedRenewalAt(life, policy, random), soonest);
}

/** Whether the provider brings another token by itself, and soon enough: it named `refreshAfter`, past which its first answer is the old one. */
export function isAboutToCome(life: TokenLife, now: number, unchanged: number, policy: RenewalPolicy): boolean {
  const { refreshAfter, obtainedAt, expiresAt } = life;
  if (refreshAfter === undefined) return false;
  const latest = obtainedAt + policy.expirationRefreshRatio * (expiresAt - obtainedAt);
  return now < refreshAfter ? refreshAfter <= latest : unchanged <= 3;
}

/**
 * When to ask again after the provider answered `unchanged` times in a row with the token that we have: where MSAL would fetch
 * a new one (past `refreshAfter` its first call starts the fetch and the next one has it; just inside the last five minutes it
 * waits for it), otherwise at a steady pace that never shrinks.
 */
export function askAgainAt(
  life: TokenLife,
  now: number,
  unchanged: number,
  policy: RenewalPolicy,
  random: number,
  spread: boolean,
): number {
  const lifeMs = life.expiresAt - life.obtainedAt;
  const pace = paceMs(life, policy);
  const refreshAfter = life.refreshAfter ?? Infinity;
  const lastWindow = life.expiresAt - msalWindowMs + 1000 + 20_000 * random;
  // Processes that started together all wait for this instant.
  const spreadMs = (): number => {
    const latest = life.obtainedAt + policy.expirationRefreshRatio * lifeMs;
    return Math.max(1000, Math.min(spread ? lifeMs : policy.jitterRatio * lifeMs, latest - refreshAfter));
  };
  const next = (): number => {
    if (now < refreshAfter && refreshAfter < lastWindow) return refreshAfter + 2000 + spreadMs() * random;
    if (now < lastWindow) return now >= refreshAfter && unchanged <= 3 ? Math.min(now + pace, lastWindow) : lastWindow;
    return now + pace;
  };
  return Math.max(now + policy.minIntervalMs, next());
}
