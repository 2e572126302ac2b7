import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packagePath } from '../package-folder.ts';
import { checkDriver } from './check-driver.ts';
import type { Description } from './stdio/protocol.ts';

/**
 * `driver.json`: a driver that is a program, beside that program. It says all that a plan of cases needs, so that the program is not
 * started before its cases run; then it must say the same of itself.
 */
export interface DriverManifest {
  /** The section of the page, for example `Python`. */
  readonly language: string;
  /** What the driver sets of its client, for users: a sentence. */
  readonly configuration: string;
  /**
   * Program and arguments, started in the folder of `driver.json`. `node` is the Node.js that runs the suite; `{installed}` is the
   * ignored folder that `install` fills.
   */
  readonly command: readonly string[];
  /** What the machine must have. What is missing makes the cases of this driver `could-not-run`. */
  readonly needs: readonly Need[];
  /** What `npm run foreign -- install` does. */
  readonly install?: Install;
  /** What `npm run foreign -- check` runs, in the folder of `driver.json`: formatters and linters that exit with 0 and print nothing. */
  readonly check?: readonly (readonly string[])[];
  /** What the program answers to `describe-driver`. */
  readonly description: Description;
}

export interface Need {
  /** Program and arguments: it must exit with 0. */
  readonly run: readonly string[];
  /** A regular expression that its output must match. */
  readonly matches?: string;
  /** What the machine needs, to stand after "needs": `Python 3.10 or newer`. */
  readonly what: string;
}

export interface Install {
  /** The name of `{installed}`, where drivers share it. */
  readonly as?: string;
  /** Globs of the files that it is made from: once they change, it is to be installed again. */
  readonly from: readonly string[];
  /** Programs and arguments, in order, in the folder of `driver.json`. `{installed}` exists and is empty. */
  readonly steps: readonly (readonly string[])[];
}

/** A manifest and where it lies. */
export interface ManifestFile {
  /** Of its folder. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: DriverManifest;
}

/** Drivers of clients in other languages, and those of other adapters: the repository has them beside the suite, the npm package has none. */
export const foreignManifests = (): readonly ManifestFile[] => manifestsIn(packagePath('foreign'));
export const peerManifests = (): readonly ManifestFile[] => manifestsIn(packagePath('peers'));

const manifestsIn = (folder: string): readonly ManifestFile[] =>
  globSync('*/driver.json', { cwd: folder })
    .sort()
    .map((file) => readManifest(join(folder, file)));

export function readManifest(file: string): ManifestFile {
  const manifest = readJson(file) as DriverManifest;
  checkManifest(file, manifest);
  return { name: basename(dirname(file)), folder: dirname(file), manifest };
}

/** What the file says; its error names it. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isPattern = (value: unknown): boolean => {
  try {
    if (value !== undefined) RegExp(String(value));
    return true;
  } catch {
    return false;
  }
};
const isCommand = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);
const areCommands = (value: unknown): boolean => Array.isArray(value) && value.every(isCommand);
const isNeed = (need: Partial<Need> | null): boolean =>
  isCommand(need?.run) && isText(need?.what) && isPattern(need?.matches);
const fields = new Set(['language', 'configuration', 'command', 'needs', 'install', 'check', 'description']);

function checkManifest(file: string, manifest: DriverManifest): void {
  const problem = typeof manifest === 'object' && manifest !== null ? problemOf(manifest) : 'it is no JSON object';
  if (problem !== undefined) throw new Error(`${file}: ${problem}`);
  checkDriver(`${file}: description`, manifest.description);
}

function problemOf(manifest: DriverManifest): string | undefined {
  const { language, configuration, command, needs, install, check = [], ...rest } = manifest;
  const unknown = Object.keys(rest).find((name) => !fields.has(name));
  if (unknown !== undefined) return `${unknown} is no field of it. Known are: ${[...fields].join(', ')}`;
  if (!isText(language) || !isText(configuration)) return 'language and configuration must be texts';
  if (!isCommand(command)) return 'command must list a program and its arguments';
  if (!Array.isArray(needs) || !needs.every(isNeed))
    return 'needs must list { "run": ["program", "argument"], "matches": "a regular expression", "what": "what the machine needs" }';
  if (!areCommands(check)) return 'check must be [["program", "argument"]]';
  if (install === undefined) return undefined;
  if (isText(install.as ?? 'own') && isCommand(install.from) && areCommands(install.steps)) return undefined;
  return 'install must be { "from": ["lock file"], "steps": [["program", "argument"]] }';
}
