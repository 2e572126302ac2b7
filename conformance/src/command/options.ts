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

export const readOptions = (): Options =>
  new Command('npm run conformance --')
    .description('Runs every scenario for every driver on every target. Globs take * and commas.')
    .option('--driver <glob>', 'drivers, for example ioredis@6 or node-redis*; or ./my-driver.js')
    .option('--driver-command <command>', 'a driver that is a process of its own; may be given again', collect, [])
    .option('--foreign', 'the drivers of clients in other languages, as far as this machine can run them')
    .option('--require <glob>', 'fail where this machine lacks what these drivers need')
    .option('--check-driver', 'whether drivers hold to their contract, in place of the scenarios')
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
    .option(
      '--merge <paths...>',
      'with --docs: run nothing, and write what these results.json, or those in these folders, say',
    )
    .option('--check', 'with --merge: write nothing, and fail where the page says something else')
    .option('--seed <n>', 'repeat a former run', wholeNumber, 1 + Math.floor(Math.random() * 2 ** 31))
    .option('--concurrency <n>', 'cases at a time (default: 20, or 14 where real servers run beside them)', wholeNumber)
    .option('--workers <n>', 'processes that share them', wholeNumber, Math.min(4, availableParallelism()))
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
