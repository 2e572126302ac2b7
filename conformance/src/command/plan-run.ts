import { loadDrivers, type LoadedDriver } from '../driver/load-drivers.ts';
import { settled } from '../report/record.ts';
import { KnownFailures } from '../runner/known-failing.ts';
import { type Case, planCases, selectDrivers } from '../runner/plan.ts';
import { contractScenarios } from '../scenarios/driver/contract.ts';
import { scenarios } from '../scenarios/index.ts';
import { targets } from '../targets/index.ts';
import { recordOf } from './documents.ts';
import { driverFiles, isIsolated, type Options } from './options.ts';

/** What a run does. Nothing but drivers given by a command has been started for it. */
export interface RunPlan {
  readonly cases: readonly Case[];
  readonly loaded: readonly LoadedDriver[];
  readonly failures: KnownFailures;
  /** What commands of drivers said of themselves, for the workers. */
  readonly described: object;
  /** What makes the run bad whatever its cases say, in words. */
  readonly problems: readonly string[];
}

export async function planRun(options: Options): Promise<RunPlan> {
  const { driver, target, scenario, docs, worker, again = false, checkDriver = false } = options;
  const files = driverFiles(options);
  if (docs !== undefined && files.length + options.driverCommand.length > 0)
    throw new RangeError('--docs: the page shows drivers of this repository only; use --report.');
  const { loaded, described, problems } = await loadDrivers({
    files,
    commands: options.driverCommand,
    foreign: options.foreign ?? false,
    isolate: isIsolated(options),
    ...(worker !== undefined && { described: JSON.parse(worker) }),
  });
  if (docs !== undefined && checkDriver) throw new RangeError('--check-driver: the page does not show it.');
  if (loaded.length === 0 && problems.length > 0) throw new Error(problems.join('\n'));
  const drivers = loaded.map((each) => each.driver);
  if (options.require !== undefined) selectDrivers(drivers, options.require, '--require');
  const selection = {
    ...(driver !== undefined && files.length === 0 && { driver }),
    ...(target !== undefined && { target }),
    ...(scenario !== undefined && { scenario }),
  };
  const known = settled(again && docs !== undefined ? recordOf(docs) : []);
  const catalogue = { scenarios: checkDriver ? contractScenarios : scenarios, drivers, targets };
  const cases = planCases(catalogue, checkDriver ? { ...selection, target: 'fake' } : selection).filter(
    ({ address, target: { required } }) => !again || (required && !known.has(address)),
  );
  const failures = new KnownFailures([...new Set(loaded.flatMap((each) => each.knownFailing))]);
  for (const { address } of cases) failures.find(address);
  const isWhole = Object.keys(selection).length === 0 && !again && !checkDriver && problems.length === 0;
  const unmatched = isWhole ? failures.unmatched() : [];
  const outdated = unmatched.map(({ pattern }) => `known-failing pattern matches no case: ${pattern}`);
  return { cases, loaded, failures, described, problems: [...problems, ...outdated] };
}
