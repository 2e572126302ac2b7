import type { CaseResult, Outcome } from '../runner/case-result.ts';
import { unexpectedOutcomes } from '../runner/case-result.ts';
import { versionedName } from '../runner/plan.ts';
import type { Run } from './results.ts';

/** What of a result `docs/reports/conformance.md` shows: no times, no errors, so that only a changed outcome shows in a diff. */
export type Recorded = Pick<
  CaseResult,
  | 'case'
  | 'scenario'
  | 'driver'
  | 'driverVersion'
  | 'language'
  | 'runtime'
  | 'packages'
  | 'target'
  | 'outcome'
  | 'reason'
  | 'heldUp'
> & {
  /** Where it is known. */
  readonly run?: Run;
};

/** Its driver, as `versionedName` names it. */
export const driverOf = ({ driver, driverVersion }: Pick<Recorded, 'driver' | 'driverVersion'>): string =>
  versionedName({ name: driver, clientVersion: driverVersion });

/** The file: `run` of a result is an index of `runs`. */
interface RecordFile {
  readonly schema: 2;
  readonly runs: readonly Run[];
  readonly results: readonly (Omit<Recorded, 'run'> & { readonly run?: number })[];
}

/** The runs that these results are of, each once. */
function runsOf(results: readonly Recorded[]): Run[] {
  return [...new Map(results.flatMap(({ run }) => (run ? [[JSON.stringify(run), run] as const] : []))).values()];
}

/** `docs/reports/conformance.json`: one line for each run and each case. */
export function toRecord(results: readonly Recorded[]): string {
  const runs = runsOf(results).map((run) => JSON.stringify(run));
  const lines = results.map(
    ({
      case: address,
      scenario,
      driver,
      driverVersion,
      language,
      runtime,
      packages,
      target,
      outcome,
      reason,
      heldUp,
      run,
    }) =>
      JSON.stringify({
        ...{ case: address, scenario, driver, driverVersion, language, runtime, packages, target, outcome, reason },
        heldUp: heldUp && { outcome: heldUp.outcome, stoodStillMs: heldUp.stoodStillMs, runs: heldUp.runs },
        run: run && runs.indexOf(JSON.stringify(run)),
      }),
  );
  return `{"schema":2,"runs":[\n${runs.join(',\n')}\n],"results":[\n${lines.join(',\n')}\n]}\n`;
}

/** What `toRecord` has written. */
export function fromRecord(text: string): readonly Recorded[] {
  const read = JSON.parse(text) as RecordFile;
  return read.results.map(({ run: index, ...result }) => {
    const run = index === undefined ? undefined : read.runs[index];
    return run === undefined ? result : { ...result, run };
  });
}

/** Outcomes that a record should not keep: their cases are run again. */
const bad: ReadonlySet<Outcome> = new Set([...unexpectedOutcomes, 'could-not-run']);

/** The cases, by address, that a record has and that need no other run. */
export const settled = (recorded: readonly Recorded[]): ReadonlySet<string> =>
  new Set(recorded.filter(({ outcome }) => !bad.has(outcome)).map((each) => each.case));

/**
 * What a record says after another run of some cases: in the order of the plan, without the cases that are no more. A case that could not
 * run replaces nothing, and so does one that was run before the recorded one, on another machine.
 */
export function updated(
  recorded: readonly Recorded[],
  results: readonly Recorded[],
  plan: readonly string[],
): Recorded[] {
  const byCase = new Map(recorded.map((each) => [each.case, each]));
  for (const result of results) {
    const former = byCase.get(result.case);
    if (result.outcome !== 'could-not-run' && dateOf(result) >= dateOf(former)) byCase.set(result.case, result);
  }
  return plan.flatMap((address) => byCase.get(address) ?? []);
}

/** A result that does not say is older than any that does; a new one says. */
const dateOf = (result: Recorded | undefined): string => result?.run?.date ?? '';
