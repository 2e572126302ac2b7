import type { RoundResult } from '../run/round.ts';
import type { SabotageResult } from '../judge/sabotage.ts';

/** A round, and which judge it had; the first one where it does not say. */
export type JudgedRound = RoundResult & { readonly judge?: number };

/** What `docs/reports/chaos.json` holds. */
export interface Results {
  readonly rounds: readonly JudgedRound[];
  readonly sabotage?: readonly SabotageResult[];
}
