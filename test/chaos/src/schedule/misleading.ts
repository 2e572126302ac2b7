/** What a credential or a clock may do that costs nothing where the adapter is right: it comes in calms, in which nothing may fail, and in storms. */
export const misleading = {
  'overstated-expiry': 'the credential states an expiry a minute later than the token has it',
  'identity-switch': 'the credential switches between two identities, and between two tokens that it has',
  'clock-behind': 'the clock is 12 s behind, and the credential states instants',
  'clock-set-back': 'the clock is set back by 30 min, and the credential answers from a cache that goes by it',
  'retry-after-day': 'the identity provider answers 429 with a Retry-After of a day',
} as const;
export type Misleading = keyof typeof misleading;

export const allMisleading: readonly Misleading[] = Object.keys(misleading) as Misleading[];

/**
 * Without a token in hand, a Retry-After of a day is respected for ten minutes, which is longer than a round: not in storms, where the
 * token in hand may be refused.
 */
export const misleadingInStorms: readonly Misleading[] = allMisleading.filter((kind) => kind !== 'retry-after-day');

/** How the application's credential answers. */
export interface CredentialMode {
  /** `life`: the life of a token by the clock of the application, as MSAL. `instants`: as the token URL has it, as a managed identity. */
  readonly states: 'life' | 'instants';
  /** A token that lives by that clock, from a cache, unless the request passes it. */
  readonly caches: boolean;
  /** Two caches, in turn. */
  readonly switches: boolean;
  /** Sabotage: no answer at all. */
  readonly silent: boolean;
}

export const plainCredential: CredentialMode = { states: 'life', caches: false, switches: false, silent: false };
