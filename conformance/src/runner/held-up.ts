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

const runsAlone = 3;

/**
 * Runs a case that was held up again. The first run that is not held up counts. One that is held up each time, alone, counts in the
 * end: what stands still then is the driver itself, which no report should excuse, and says so.
 */
export async function runAgain<Ended extends { readonly result: CaseResult }>(
  { outcome, stoodStillMs = 0, error }: CaseResult,
  runAlone: () => Promise<Ended>,
  isHeldUp: (result: CaseResult) => boolean,
): Promise<Ended> {
  let ended = await runAlone();
  let runs = 1;
  for (; runs < runsAlone && isHeldUp(ended.result); runs += 1) ended = await runAlone();
  const heldUp = { outcome, stoodStillMs, ...(runs > 1 && { runs }), ...(error !== undefined && { error }) };
  return { ...ended, result: { ...ended.result, heldUp } };
}

/** What a report says of a case that was run again. */
export const toldAgain = ({ outcome, stoodStillMs, runs = 1 }: NonNullable<CaseResult['heldUp']>): string =>
  `run again, alone${runs > 1 ? `, ${runs} times` : ''}: the first time it was ${outcome}, while its process stood still for ${stoodStillMs} ms`;
