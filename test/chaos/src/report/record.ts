import type { Invariant } from '../protocol.ts';
import type { RoundResult } from '../run/round-types.ts';
import type { SabotageResult } from '../judge/sabotage.ts';

/** A round, and the run that it was part of; rounds of former runs do not say. */
export type RunRound = Omit<RoundResult, 'calms' | 'heldUp'> &
  Partial<Pick<RoundResult, 'calms' | 'heldUp'>> & {
    readonly run?: {
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

/** What a round of a former run did not test. */
export function isUntested({ run, client, target }: RunRound, invariant: Invariant): boolean {
  if (run !== undefined) return false;
  if (invariant === 'messages') return client.startsWith('ioredis@') && target === 'redis-cluster';
  return invariant === 'unanswered' || invariant === 'moves';
}
