import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Options {
  readonly driver?: string;
  readonly driverCommand: readonly string[];
  readonly foreign?: boolean;
  readonly require?: string;
  readonly checkDriver?: boolean;
  readonly isolate?: boolean;
  readonly target?: string;
  readonly scenario?: string;
  readonly list?: boolean;
  readonly report?: string;
  readonly docs?: string;
  readonly again?: boolean;
  readonly merge?: readonly string[];
  readonly check?: boolean;
  readonly seed: number;
  readonly concurrency?: number;
  readonly workers: number;
  /** JSON: what commands of drivers said of themselves. */
  readonly worker?: string;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number of at least 1.');
};

const collect = (value: string, former: readonly string[]): readonly string[] => [...former, value];

const called =
  process.env['npm_lifecycle_event'] === 'conformance' ? 'npm run conformance --' : 'entra-redis-conformance';

export const readOptions = (): Options =>
  new Command(called)
    .description('Runs every scenario with every driver on every target. Globs take * and commas.')
    .option('--driver <glob>', 'drivers, for example ioredis@6 or node-redis*; or a file, ./my-driver.js')
    .option('--driver-command <command>', 'a driver that is a process of its own; can be repeated', collect, [])
    .option('--foreign', 'the drivers of clients in other languages')
    .option('--require <glob>', 'fail if this machine lacks what these drivers need')
    .option('--check-driver', 'check that drivers keep to their contract, instead of running the scenarios')
    .option('--isolate', "run the suite's own drivers in processes of their own, too")
    .option('--target <glob>', 'targets, for example fake or redis-*')
    .option('--scenario <glob>', 'scenarios, for example reauth/*')
    .option('--list', 'list the case addresses without running them')
    .option('--report <dir>', 'write results.json, junit.xml, matrix.md and index.html to this folder')
    .option('--docs <dir>', 'isolate, and update conformance.md and conformance.json in this folder')
    .option('--again', 'with --docs: run only cases that are missing there or went wrong')
    .option('--merge <paths...>', 'with --docs: run nothing, and update from these results.json files or folders')
    .option('--check', 'with --merge: write nothing, and fail if the page differs')
    .option('--seed <n>', 'repeat an earlier run', wholeNumber, 1 + Math.floor(Math.random() * 2 ** 31))
    .option('--concurrency <n>', 'how many cases run at a time (default: 20, or 14 with real servers)', wholeNumber)
    .option('--workers <n>', 'how many processes share them', wholeNumber, Math.min(4, availableParallelism()))
    .addOption(new Option('--worker <described>').hideHelp())
    .parse()
    .opts<Options>();

const isFile = (name: string): boolean => /^\.{0,2}\/|\.(?:[cm]?js|json)$/.test(name);

/** The files among what `--driver` names; it names files alone, or none. */
export function driverFiles({ driver = '' }: Pick<Options, 'driver'>): readonly string[] {
  const names = driver.split(',');
  const files = names.filter(isFile);
  if (files.length === 0 || files.length === names.length) return files;
  throw new RangeError('--driver: names of our drivers beside files of others; run them one after the other.');
}

export const isIsolated = ({ isolate = false, docs }: Pick<Options, 'isolate' | 'docs'>): boolean =>
  isolate || docs !== undefined;
