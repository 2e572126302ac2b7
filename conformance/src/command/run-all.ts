import type { CaseTrace } from '../report/trace.ts';
import type { CaseResult } from '../runner/case-result.ts';
import { toldAgain, toldHeldUp, wasHeldUp } from '../runner/held-up.ts';
import type { KnownFailures } from '../runner/known-failing.ts';
import { type Case, versionedName } from '../runner/plan.ts';
import { seededRandom, shuffled } from '../runner/random.ts';
import { withoutDriver } from '../runner/run-cases.ts';
import { runInWorkers } from '../runner/workers.ts';
import type { Options } from './options.ts';
import type { RunPlan } from './plan-run.ts';

export interface Ran {
  /** In the order of the plan. */
  readonly results: readonly CaseResult[];
  /** Pictures, by case address. */
  readonly traces: ReadonlyMap<string, CaseTrace>;
}

/** `program`: what `serveCases` is called by. */
export async function runAll(plan: RunPlan, options: Options, program: string): Promise<Ran> {
  const { cases, failures, described } = plan;
  const { seed, workers, concurrency } = options;
  const lacking = await lackingDrivers(plan);
  const runnable = [...cases.keys()].filter((index) => lackOf(cases[index] as Case, lacking) === undefined);
  const traces = new Map<string, CaseTrace>();
  const order = shuffled(runnable, seededRandom(seed), (i) => spanOf(cases[i] as Case, failures));
  const ran = await runInWorkers(order, {
    program,
    args: [...process.argv.slice(2), '--worker', JSON.stringify(described), '--seed', String(seed)],
    workers,
    concurrency: concurrency ?? (cases.every(({ target }) => target.simulated) ? 20 : 14),
    again: (result) => {
      const test = cases.find(({ address }) => address === result.case);
      if (test === undefined || !wasHeldUp(test, result)) return false;
      console.log(toldHeldUp(result));
      return true;
    },
    onResult: (result, trace, picture) => {
      show(result, trace);
      if (picture !== undefined) traces.set(result.case, picture);
    },
  });
  const results = cases.map(
    (test, index) => ran[index] ?? withoutDriver(test, lackOf(test, lacking) ?? 'it was not run'),
  );
  return { results, traces };
}

/** What this machine lacks, by driver; told once for each. */
async function lackingDrivers({ cases, loaded }: RunPlan): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { driver, lacks } of loaded) {
    const count = cases.filter((test) => versionedName(test.driver) === versionedName(driver)).length;
    const lack = count === 0 ? undefined : await lacks?.();
    if (lack === undefined) continue;
    found.set(versionedName(driver), lack);
    console.log(`${'could-not-run'.padEnd(21)} ${versionedName(driver)}, ${count} cases: ${lack}`);
  }
  return found;
}

const lackOf = ({ driver }: Case, lacking: ReadonlyMap<string, string>): string | undefined =>
  lacking.get(versionedName(driver));

/**
 * What takes long starts early, as it would run alone in the end: also what is known to fail, which may wait for something until its
 * time is over. Other cases of peers come late: each is a process of its own. What collects garbage stops all cases of its worker, so
 * it comes before them.
 */
function spanOf({ address, driver, scenario }: Case, failures: KnownFailures): readonly [number, number] {
  const isLong = failures.find(address) !== undefined || scenario.id.startsWith('life/');
  if (driver.peer === true) return isLong ? [0, 0.7] : [0.8, 2];
  if (scenario.collectsGarbage) return [0, 0];
  return [0, isLong ? 0.7 : 1];
}

function show(result: CaseResult, trace: string | undefined): void {
  const { outcome, error, reason, heldUp } = result;
  const details = [heldUp && toldAgain(heldUp), outcome !== 'pass' && reason, error].filter(Boolean);
  console.log([`${outcome.padEnd(21)} ${result.case} ${result.durationMs} ms`, ...details].join('\n  '));
  if (trace !== undefined) console.log(trace.replace(/^/gm, '  | '));
}
