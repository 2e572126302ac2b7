import { type Case, lifetimeOf } from './plan.ts';
import type { CaseResult } from './case-result.ts';
import { unexpectedOutcomes } from './case-result.ts';

/**
 * Whether what went wrong says nothing of the driver, and the case is to run again, alone: a process that stands still for a tenth of a
 * token's life, or for longer than the scenario allows, misses what the scenario measures.
 */
export function wasHeldUp(
  { scenario, driver }: Pick<Case, 'scenario' | 'driver'>,
  { outcome, stoodStillMs = 0 }: Pick<CaseResult, 'outcome' | 'stoodStillMs'>,
): boolean {
  return (
    unexpectedOutcomes.has(outcome) && stoodStillMs > (scenario.patienceMs ?? lifetimeOf({ scenario, driver }) / 10)
  );
}

/** The line that tells of it. */
export const toldHeldUp = ({ case: address, outcome, stoodStillMs }: CaseResult): string =>
  `held up               ${address}: ${outcome} while the process stood still for ${stoodStillMs} ms; again at the end, alone`;

/** The second run counts, and says that it is one. */
export function secondRun(second: CaseResult, { outcome, stoodStillMs = 0, error }: CaseResult): CaseResult {
  return { ...second, heldUp: { outcome, stoodStillMs, ...(error === undefined ? {} : { error }) } };
}

/** What a report says of a case that was run again. */
export const toldAgain = ({ outcome, stoodStillMs }: NonNullable<CaseResult['heldUp']>): string =>
  `run again, alone: the first time it was ${outcome}, while its process stood still for ${stoodStillMs} ms`;
