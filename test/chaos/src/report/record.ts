import type { RoundResult } from '../run/round-types.ts';
import type { SabotageResult } from '../judge/sabotage.ts';

/** A round, and the run that it was part of. */
export type RunRound = RoundResult & {
  readonly run: {
    readonly startedAt: string;
    readonly commit: string;
    /** What else the machine did. */
    readonly beside: string;
  };
};

/** What `docs/reports/chaos.json` holds. */
export interface Results {
  readonly rounds: readonly RunRound[];
  readonly sabotage?: readonly SabotageResult[];
}
