import type { CaseResult, Outcome } from '../types.ts';
import { unexpected } from '../unexpected.ts';

/** What of a result `docs/conformance.md` shows: no times, no errors, so that only a changed outcome shows in a diff. */
export type Recorded = Pick<
  CaseResult,
  'case' | 'scenario' | 'driver' | 'driverVersion' | 'target' | 'outcome' | 'reason'
>;

/** `docs/conformance.json`: one line for each case. */
export function toRecord(results: readonly Recorded[]): string {
  const lines = results.map(({ case: address, scenario, driver, driverVersion, target, outcome, reason }) =>
    JSON.stringify({ case: address, scenario, driver, driverVersion, target, outcome, reason }),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

/** Outcomes that a record should not keep: their cases are run again. */
const bad: ReadonlySet<Outcome> = new Set([...unexpected, 'could-not-run']);

/** The cases, by address, that a record has and that need no other run. */
export const settled = (recorded: readonly Recorded[]): ReadonlySet<string> =>
  new Set(recorded.filter(({ outcome }) => !bad.has(outcome)).map((each) => each.case));

/** What a record says after another run of some cases: in the order of the plan, without the cases that are no more. */
export function updated(
  recorded: readonly Recorded[],
  results: readonly Recorded[],
  plan: readonly string[],
): Recorded[] {
  const byCase = new Map([...recorded, ...results].map((each) => [each.case, each]));
  return plan.flatMap((address) => byCase.get(address) ?? []);
}

export const fromRecord = (text: string): readonly Recorded[] => JSON.parse(text) as readonly Recorded[];
