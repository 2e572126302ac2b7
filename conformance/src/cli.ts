#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadDrivers } from './driver/load-drivers.ts';
import { KnownFailures } from './runner/known-failing.ts';
import { knownFailing } from './drivers/known-failing.ts';
import { toldAgain, toldHeldUp, wasHeldUp } from './runner/held-up.ts';
import { type Case, planCases } from './runner/plan.ts';
import { seededRandom, shuffled } from './runner/random.ts';
import { toHtml } from './report/html.ts';
import { toJunit } from './report/junit.ts';
import { toMatrix } from './report/matrix.ts';
import { fromRecord, type Recorded, settled, toRecord, updated } from './report/record.ts';
import { type Run, toJson, toldRun } from './report/results.ts';
import type { CaseTrace } from './report/trace.ts';
import { exitCodeOf } from './runner/run-cases.ts';
import { scenarios } from './scenarios/index.ts';
import { targets } from './targets/index.ts';
import { type CaseResult, outcomes } from './runner/case-result.ts';
import { runInWorkers, serveCases } from './runner/workers.ts';

interface Options {
  driver?: string;
  driverCommand: string[];
  isolate?: boolean;
  target?: string;
  scenario?: string;
  list?: boolean;
  report?: string;
  docs?: string;
  again?: boolean;
  seed: number;
  concurrency?: number;
  workers: number;
  /** JSON: what the drivers said of themselves. */
  worker?: string;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number of at least 1.');
};

const collect = (value: string, former: string[]): string[] => [...former, value];
const isFile = (name: string): boolean => /^\.{0,2}\/|\.[cm]?js$/.test(name);

const caseTimeoutMs = 60_000;

const program = new Command('npm run conformance --')
  .description('Runs every scenario for every driver on every target. Globs take * and commas.')
  .option('--driver <glob>', 'drivers, for example ioredis@6 or node-redis*; or ./my-driver.js')
  .option('--driver-command <command>', 'a driver that is a process of its own; may be given again', collect, [])
  .option('--isolate', "run the suite's own drivers as processes of their own, too")
  .option('--target <glob>', 'targets, for example fake or redis-*')
  .option('--scenario <glob>', 'scenarios, for example reauth/*')
  .option('--list', 'print the case addresses and run nothing')
  .option('--report <dir>', 'write results.json, junit.xml, matrix.md and index.html there')
  .option(
    '--docs <dir>',
    'isolate, and write conformance.md and conformance.json there; of a part, what they say of it',
  )
  .option('--again', 'with --docs: only what they do not say yet, and what went wrong')
  .option('--seed <n>', 'repeat a former run', wholeNumber, 1 + Math.floor(Math.random() * 2 ** 31))
  .option('--concurrency <n>', 'cases at a time (default: 20, or 14 where real servers run beside them)', wholeNumber)
  .option('--workers <n>', 'processes that share them', wholeNumber, Math.min(4, availableParallelism()))
  .addOption(new Option('--worker <described>').hideHelp())
  .parse();

function commit(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function show(result: CaseResult, trace: string | undefined): void {
  const { outcome, error, reason, heldUp } = result;
  const details = [heldUp && toldAgain(heldUp), outcome !== 'pass' && reason, error].filter(Boolean);
  console.log([`${outcome.padEnd(21)} ${result.case} ${result.durationMs} ms`, ...details].join('\n  '));
  if (trace !== undefined) console.log(trace.replace(/^/gm, '  | '));
}

function report(
  folder: string,
  run: Run,
  results: readonly CaseResult[],
  traces: ReadonlyMap<string, CaseTrace>,
): void {
  mkdirSync(folder, { recursive: true });
  const whole = { schema: 1, ...run, results } as const;
  writeFileSync(join(folder, 'results.json'), toJson(whole));
  writeFileSync(join(folder, 'junit.xml'), toJunit(whole));
  writeFileSync(join(folder, 'matrix.md'), toMatrix(results.map((result) => ({ ...result, run }))));
  writeFileSync(join(folder, 'index.html'), toHtml({ run: whole, scenarios, traces }));
}

const recordOf = (folder: string): readonly Recorded[] => {
  const file = join(folder, 'conformance.json');
  return existsSync(file) ? fromRecord(readFileSync(file, 'utf8')) : [];
};

/** What only some machines have is no part of the page. */
function document(folder: string, run: Run, ran: readonly CaseResult[], plan: readonly Case[]): void {
  const documented = plan.filter(({ target }) => target.required).map(({ address }) => address);
  const results = updated(
    recordOf(folder),
    ran.map((result) => ({ ...result, run })),
    documented,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'conformance.json'), toRecord(results));
  writeFileSync(join(folder, 'conformance.md'), toMatrix(results));
}

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

const isolated = ({ isolate = false, docs }: Pick<Options, 'isolate' | 'docs'>): boolean =>
  isolate || docs !== undefined;

interface Plan {
  readonly cases: readonly Case[];
  readonly failures: KnownFailures;
  readonly catalogue: Parameters<typeof planCases>[0];
  readonly described: object;
  /** Known-failing patterns that match no case of a whole run. */
  readonly unmatched: number;
}

async function planned({ driver, target, scenario, ...options }: Options): Promise<Plan> {
  const { docs, worker, again = false, driverCommand } = options;
  const files = (driver ?? '').split(',').filter(isFile);
  const foreign = files.length + driverCommand.length > 0;
  if (docs !== undefined && foreign) {
    throw new RangeError("--docs: the page is about the suite's own drivers; take --report.");
  }
  if (files.length > 0 && files.length < (driver ?? '').split(',').length) {
    throw new RangeError('--driver: names of our drivers beside files of others; run them one after the other.');
  }
  const { drivers, described, ...loaded } = await loadDrivers({
    files,
    commands: driverCommand,
    isolate: isolated(options),
    ...(worker !== undefined && { described: JSON.parse(worker) }),
  });
  const catalogue = { scenarios, drivers, targets };
  const known = settled(again && docs !== undefined ? recordOf(docs) : []);
  const named = driver !== undefined && files.length === 0;
  const selection = {
    ...(named && { driver }),
    ...(target !== undefined && { target }),
    ...(scenario !== undefined && { scenario }),
  };
  const cases = planCases(catalogue, selection).filter(
    ({ address, target: { required: isRequired } }) => !again || (isRequired && !known.has(address)),
  );
  const failures = new KnownFailures([...(foreign ? [] : knownFailing), ...loaded.knownFailing]);
  for (const { address } of cases) failures.find(address);
  const unmatched = Object.keys(selection).length === 0 && !again ? failures.unmatched() : [];
  if (worker === undefined)
    for (const { pattern } of unmatched) console.error(`known-failing pattern matches no case: ${pattern}`);
  return { cases, failures, catalogue, described, unmatched: unmatched.length };
}

async function main(options: Options): Promise<number | undefined> {
  const { seed, report: folder } = options;
  const whole = await planned(options);
  const { cases, failures, unmatched } = whole;
  if (options.worker !== undefined) {
    const pictures = folder !== undefined;
    serveCases(cases, { seed, caseTimeoutMs, pictures, knownFailing: (address) => failures.find(address) });
    return undefined;
  }
  if (options.list) {
    for (const { address } of cases) console.log(address);
    return unmatched === 0 ? 0 : 1;
  }
  const origin: Run = {
    commit: commit(),
    date: new Date().toISOString(),
    node: process.version,
    seed,
    isolated: isolated(options),
  };
  console.log(`${cases.length} cases, ${toldRun(origin)}`);
  const traces = new Map<string, CaseTrace>();
  const results = await runAll(whole, options, traces);
  if (folder !== undefined) report(folder, origin, results, traces);
  if (options.docs !== undefined) document(options.docs, origin, results, planCases(whole.catalogue));
  return summary(results, unmatched);
}

function runAll(
  { cases, failures, described }: Plan,
  { seed, workers, concurrency }: Options,
  traces: Map<string, CaseTrace>,
): Promise<CaseResult[]> {
  const order = shuffled(cases.keys(), seededRandom(seed), (i) => spanOf(cases[i] as Case, failures));
  return runInWorkers(order, {
    program: fileURLToPath(import.meta.url),
    args: [...process.argv.slice(2), '--worker', JSON.stringify(described), '--seed', String(seed)],
    workers,
    concurrency: concurrency ?? (cases.every(({ target }) => target.name.startsWith('fake')) ? 20 : 14),
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
}

const required = (name: string): boolean => targets.find((target) => target.name === name)?.required ?? true;

function summary(results: readonly CaseResult[], unmatched: number): number {
  const counts = outcomes.map((outcome) => `${results.filter((r) => r.outcome === outcome).length} ${outcome}`);
  const again = results.filter(({ heldUp }) => heldUp !== undefined).length;
  console.log([...counts, ...(again > 0 ? [`${again} of them run again`] : [])].join(', '));
  return exitCodeOf(results, required, unmatched);
}

const exitWithinMs = 5000;

try {
  const code = await main(program.opts<Options>());
  if (code !== undefined) {
    process.exitCode = code;
    setTimeout(() => {
      console.error('Something that a driver loaded keeps this process alive: it is ended.');
      process.exit();
    }, exitWithinMs).unref();
  }
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
