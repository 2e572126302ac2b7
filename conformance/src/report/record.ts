import type { CaseResult } from '../types.ts';

/** What of a result `docs/conformance.md` shows: no times, no errors, so that only a changed outcome shows in a diff. */
export type Recorded = Pick<
  CaseResult,
  'case' | 'scenario' | 'driver' | 'driverVersion' | 'target' | 'outcome' | 'reason'
>;

/** `docs/conformance.json`: one line for each case. */
export function toRecord(results: readonly CaseResult[]): string {
  const lines = results.map(({ case: address, scenario, driver, driverVersion, target, outcome, reason }) =>
    JSON.stringify({ case: address, scenario, driver, driverVersion, target, outcome, reason }),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

export const fromRecord = (text: string): readonly Recorded[] => JSON.parse(text) as readonly Recorded[];
