import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentedDrivers } from '../driver/load-drivers.ts';
import { toClients, withClients } from '../report/clients.ts';
import { toHtml } from '../report/html.ts';
import { toJunit } from '../report/junit.ts';
import { toMatrix } from '../report/matrix.ts';
import { fromRecord, type Recorded, toRecord, updated } from '../report/record.ts';
import { type Results, type Run, toJson } from '../report/results.ts';
import type { CaseTrace } from '../report/trace.ts';
import type { CaseResult } from '../runner/case-result.ts';
import { KnownFailures } from '../runner/known-failing.ts';
import { type Case, planCases, versionedName } from '../runner/plan.ts';
import { scenarios } from '../scenarios/index.ts';
import { targets } from '../targets/index.ts';

/** `--report`. */
export function writeReport(
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

export function recordOf(folder: string): readonly Recorded[] {
  const file = join(folder, 'conformance.json');
  return existsSync(file) ? fromRecord(readFileSync(file, 'utf8')) : [];
}

/** The cases that the page is about. What only some machines have as a target is no part of it. */
export function documentedCases(): readonly Case[] {
  const drivers = documentedDrivers().map(({ driver }) => driver);
  const everywhere = targets.filter(({ required }) => required);
  return planCases({ scenarios, drivers, targets: everywhere });
}

/** `--docs`: what was not run stays as it was recorded. */
export function writePage(folder: string, ran: readonly Recorded[]): void {
  const plan = documentedCases().map(({ address }) => address);
  const results = updated(recordOf(folder), ran, plan);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'conformance.json'), toRecord(results));
  writeFileSync(join(folder, 'conformance.md'), toMatrix(results));
  const clients = join(folder, '..', 'clients.md');
  if (existsSync(clients)) writeFileSync(clients, withClients(readFileSync(clients, 'utf8'), clientsTable(results)));
}

/** The answers of `docs/clients.md`. */
export function clientsTable(results: readonly Recorded[]): string {
  const configurations = documentedDrivers().map(({ driver, configuration = '' }): [string, string] => [
    versionedName(driver),
    configuration,
  ]);
  return toClients(results, new Map(configurations));
}

/** `--check`: the cases whose outcome is another one than the page has, in words. What fails now and then may. */
export function differencesFromPage(folder: string, ran: readonly Recorded[]): readonly string[] {
  const recorded = new Map(recordOf(folder).map((result) => [result.case, result.outcome]));
  const failures = new KnownFailures([...new Set(documentedDrivers().flatMap(({ knownFailing }) => knownFailing))]);
  return updated(
    [],
    ran,
    documentedCases().map(({ address }) => address),
  ).flatMap((result) => {
    const before = recorded.get(result.case);
    if (before === result.outcome || failures.find(result.case)?.flaky === true) return [];
    return [`${result.case}: ${result.outcome}, and on the page ${before ?? 'nothing'}`];
  });
}

/** `--merge`: what reports of several machines say, the newest last. Of a folder, all that are in it. */
export function readReports(paths: readonly string[]): readonly Recorded[] {
  const reports = paths.flatMap(reportsIn).map((file) => {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Partial<Results>;
    if (report.schema === 1 && Array.isArray(report.results)) return report as Results;
    throw new Error(`${file} is no results.json of this suite`);
  });
  return reports
    .toSorted((a, b) => a.date.localeCompare(b.date))
    .flatMap(({ results, commit: of, date, node, machine, seed, isolated }) => {
      const run = { commit: of, date, node, ...(machine === undefined ? {} : { machine }), seed, isolated };
      return results.map((result) => ({ ...result, run }));
    });
}

function reportsIn(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const found = globSync('**/results.json', { cwd: path }).sort();
  if (found.length === 0) throw new Error(`${path} has no results.json`);
  return found.map((name) => join(path, name));
}
