#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { differencesFromPage, readReports, writePage, writeReport } from './command/documents.ts';
import { isIsolated, type Options, readOptions } from './command/options.ts';
import { planRun, type RunPlan } from './command/plan-run.ts';
import { runAll } from './command/run-all.ts';
import { checkedOutCommit } from './report/commit.ts';
import { type Run, toldRun } from './report/results.ts';
import { type CaseResult, outcomes } from './runner/case-result.ts';
import { driverMatcher } from './runner/plan.ts';
import { exitCodeOf } from './runner/run-cases.ts';
import { serveCases } from './runner/workers.ts';
import { targets } from './targets/index.ts';

const caseTimeoutMs = 60_000;

async function main(options: Options): Promise<number | undefined> {
  const { seed, report, docs, merge } = options;
  if (merge !== undefined) return mergeReports(merge, options);
  const plan = await planRun(options);
  const { cases, failures, problems } = plan;
  if (options.worker !== undefined) {
    const pictures = report !== undefined;
    serveCases(cases, { seed, caseTimeoutMs, pictures, knownFailing: (address) => failures.find(address) });
    return undefined;
  }
  for (const problem of problems) console.error(problem);
  if (options.list) {
    for (const { address } of cases) console.log(address);
    return problems.length === 0 ? 0 : 1;
  }
  const run: Run = {
    commit: checkedOutCommit(),
    date: new Date().toISOString(),
    node: process.version,
    machine: `${process.platform} ${process.arch}`,
    seed,
    isolated: isIsolated(options),
  };
  console.log(`${cases.length} cases, ${toldRun(run)}`);
  const { results, traces } = await runAll(plan, options, fileURLToPath(import.meta.url));
  if (report !== undefined) writeReport(report, run, results, traces);
  if (docs !== undefined)
    writePage(
      docs,
      results.map((result) => ({ ...result, run })),
    );
  return summary(results, options, plan);
}

function mergeReports(files: readonly string[], { docs, check = false }: Options): number {
  if (docs === undefined) throw new RangeError('--merge: name the folder of the page, with --docs.');
  const results = readReports(files);
  const differences = check ? differencesFromPage(docs, results) : [];
  for (const difference of differences) console.error(difference);
  if (!check) writePage(docs, results);
  tellCounts(results);
  return exitCodeOf(results, () => false, differences.length);
}

function summary(results: readonly CaseResult[], { require = '' }: Options, { problems }: RunPlan): number {
  tellCounts(results);
  const isRequired = driverMatcher(require);
  const isOptional = ({ driver, driverVersion, target, lacking }: CaseResult): boolean =>
    lacking === 'driver'
      ? !isRequired({ name: driver, clientVersion: driverVersion })
      : targets.find(({ name }) => name === target)?.required === false;
  return exitCodeOf(results, (result) => !isOptional(result), problems.length);
}

function tellCounts(results: readonly Pick<CaseResult, 'outcome' | 'heldUp'>[]): void {
  const counts = outcomes.map((outcome) => `${results.filter((r) => r.outcome === outcome).length} ${outcome}`);
  const again = results.filter(({ heldUp }) => heldUp !== undefined).length;
  console.log([...counts, ...(again > 0 ? [`${again} of them run again`] : [])].join(', '));
}

const exitWithinMs = 5000;

try {
  const code = await main(readOptions());
  if (code !== undefined) {
    process.exitCode = code;
    setTimeout(() => {
      console.error('A driver loaded something that keeps this process alive: exiting anyway.');
      process.exit();
    }, exitWithinMs).unref();
  }
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
