import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { globMatcher } from '@entra-redis/conformance';
import { Command } from 'commander';
import { CouldNotRun } from './figures/could-not-run.ts';
import { measure } from './figures/measure.ts';
import { merged } from './figures/merge.ts';
import { metrics } from './metrics/index.ts';
import { toCharts } from './report/charts.ts';
import { toFleetPage } from './report/fleet-page.ts';
import { toPage } from './report/page.ts';
import { rowOf } from './report/table.ts';
import type { Measured, Results } from './figures/types.ts';
import { versionOf } from './figures/version-of.ts';

interface Options {
  only?: string;
  out?: string;
  docs?: string;
  merge?: string[];
  quick?: boolean;
  list?: boolean;
}

const options = new Command('npm run bench --')
  .description('Measures our packages and a peer alternately, and prints the medians and the median of the ratios.')
  .option('--only <glob>', 'metrics, for example hot-path/*')
  .option('--out <file>', 'write the results to this file, as JSON')
  .option('--docs <folder>', 'update bench.md, fleet.md and bench/ in this folder; other figures stay')
  .option('--merge <files...>', 'measure nothing, and read the figures from files that --out wrote')
  .option('--quick', 'run each metric once, briefly: checks that it works, but its figures mean nothing')
  .option('--list', 'list the metrics')
  .parse()
  .opts<Options>();

function selected(glob = '*') {
  const matches = globMatcher(glob);
  const found = metrics.filter(({ name }) => matches(name));
  if (found.length === 0)
    throw new RangeError(`--only ${glob} names none of: ${metrics.map(({ name }) => name).join(', ')}`);
  return found;
}

function versions(): Record<string, string> {
  return Object.fromEntries(['ioredis', 'redis', '@redis/entraid'].map((name) => [name, versionOf(name)]));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, text);
}

const read = (file: string): Results => JSON.parse(readFileSync(file, 'utf8')) as Results;

async function measureAll(
  chosen: ReturnType<typeof selected>,
  quick: boolean,
  onMetric: (results: Results) => void,
): Promise<Results> {
  const measured: Measured[] = [];
  for (const metric of chosen) {
    const result = await measure(metric, quick, (run, runs) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${metric.name} ${run}/${runs}`);
    }).catch((error: unknown) => {
      if (error instanceof CouldNotRun) return error;
      throw error;
    });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    if (result instanceof CouldNotRun) {
      console.log(`${metric.name}: could not run, what was measured before stays: ${result.message}`);
      continue;
    }
    console.log(rowOf(result));
    measured.push(result);
    onMetric(resultsOf(measured));
  }
  return resultsOf(measured);
}

function resultsOf(measured: readonly Measured[]): Results {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  return { schema: 1, node: process.version, machine, versions: versions(), metrics: measured };
}

const toJson = (results: Results): string => `${JSON.stringify(results, undefined, 2)}\n`;

function document(docs: string, results: Results): void {
  write(`${docs}/bench/results.json`, toJson(results));
  const charts = toCharts(results);
  for (const { file, svg } of charts) write(`${docs}/bench/${file}`, svg);
  write(`${docs}/bench.md`, toPage(results, charts));
  const fleet = toFleetPage(results);
  if (fleet !== undefined) write(`${docs}/fleet.md`, fleet);
}

async function main({ only, out, docs, merge, quick = false, list }: Options): Promise<void> {
  const chosen = selected(only);
  if (list) return console.log(chosen.map(({ name }) => name).join('\n'));
  // After each metric: a run that is cut off has not been for nothing.
  const keep = (results: Results): void => void (out !== undefined && write(out, toJson(results)));
  const results = merge === undefined ? await measureAll(chosen, quick, keep) : merge.map(read).reduce(merged);
  keep(results);
  if (docs === undefined) return;
  const former = `${docs}/bench/results.json`;
  document(docs, existsSync(former) ? merged(read(former), results) : results);
}

try {
  await main(options);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  // What a metric has started before it failed would keep this process alive.
  process.exit(1);
}
