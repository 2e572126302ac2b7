import { runAgain, toldHeldUp, wasHeldUp } from '../src/runner/held-up.ts';
import type { Case } from '../src/runner/plan.ts';
import { runCases } from '../src/runner/run-cases.ts';
import type { CaseResult } from '../src/runner/case-result.ts';

/** Runs the cases; those that end otherwise than `expected` because their process stood still run again afterwards, each alone. */
export async function runPatiently(
  cases: readonly Case[],
  concurrency: number,
  expected: (result: CaseResult) => boolean,
): Promise<CaseResult[]> {
  const options = { seed: 1, caseTimeoutMs: 60_000, knownFailing: () => undefined };
  const results = await runCases(cases, { ...options, concurrency });
  for (const [index, test] of cases.entries()) {
    const first = results[index] as CaseResult;
    if (expected(first) || !wasHeldUp(test, first)) continue;
    console.log(toldHeldUp(first));
    const runAlone = async (): Promise<{ result: CaseResult }> => {
      const [result] = await runCases([test], { ...options, concurrency: 1 });
      return { result: result as CaseResult };
    };
    const { result } = await runAgain(first, runAlone, (again) => !expected(again) && wasHeldUp(test, again));
    results[index] = result;
  }
  return results;
}
