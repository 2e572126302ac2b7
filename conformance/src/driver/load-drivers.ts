import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { drivers } from '../drivers/adapter-drivers.ts';
import { knownFailing } from '../drivers/ours-known-failing.ts';
import { packagePath } from '../package-folder.ts';
import type { KnownFailing } from '../runner/known-failing.ts';
import { versionedName } from '../runner/plan.ts';
import { checkDriver } from './check-driver.ts';
import type { Driver } from './driver.ts';
import { foreignManifests, type ManifestFile, peerManifests, readJson, readManifest } from './manifest.ts';
import { lackOf } from './needs.ts';
import type { Description } from './stdio/protocol.ts';
import { describedBy, describedDriver, manifestDriver } from './stdio/stdio-driver.ts';

export interface DriverSources {
  /** ES modules that export a driver, or several, as default; or a `driver.json`. */
  readonly files: readonly string[];
  /** Commands of drivers that are processes of their own. */
  readonly commands: readonly string[];
  /** Those of clients in other languages. */
  readonly foreign: boolean;
  /** Runs the suite's own drivers as processes too, so that a process that stays or crashes is noticed. */
  readonly isolate: boolean;
  /** What commands said of themselves before, so that they need not be asked again. */
  readonly described?: Descriptions;
}

/** By command. */
type Descriptions = Readonly<Record<string, Description>>;

/** A driver as it is planned for. */
export interface LoadedDriver {
  readonly driver: Driver;
  readonly knownFailing: readonly KnownFailing[];
  /** What its driver sets of its client, for users. */
  readonly configuration?: string;
  /** What this machine lacks for it, in one sentence. Asked before its cases run, as programs are started for it. */
  readonly lacks?: () => Promise<string | undefined>;
}

export interface LoadedDrivers {
  readonly loaded: readonly LoadedDriver[];
  readonly described: Descriptions;
  /** Of drivers that cannot be used, each by its name: the others run. */
  readonly problems: readonly string[];
}

/** Drivers given by files, commands or `foreign` alone; without any, those of the suite and the peers. */
export async function loadDrivers(sources: DriverSources): Promise<LoadedDrivers> {
  const { files, commands, foreign, isolate } = sources;
  if (files.length + commands.length === 0)
    return { loaded: foreign ? foreignDrivers() : suiteDrivers(isolate), described: {}, problems: [] };
  const problems: string[] = [];
  const given = await Promise.all(
    [...files.map(fromFile), ...commands.map((line) => fromCommand(line, sources))].map((loading) =>
      loading.catch((error: unknown) => void problems.push(error instanceof Error ? error.message : String(error))),
    ),
  );
  const known: readonly Given[] = given.flatMap((each) => each ?? []);
  const loaded = [...known, ...(foreign ? foreignDrivers() : [])];
  const described = known.flatMap((each) => (each.line === undefined ? [] : [[each.line, each.driver] as const]));
  return { loaded, described: Object.fromEntries(described), problems };
}

/** Whatever the page is about. */
export const documentedDrivers = (): readonly LoadedDriver[] => [...suiteDrivers(true), ...foreignDrivers()];

/** Our adapters and their peers. */
export function suiteDrivers(isolate: boolean): readonly LoadedDriver[] {
  const own = drivers.map((driver) => (isolate ? isolated(driver) : driver));
  return [
    ...own.map((driver) => ({ driver, knownFailing, configuration: adapterOf(driver) })),
    ...peerManifests().map(ofManifest),
  ];
}

const adapterOf = ({ name }: Driver): string => `[\`@entra-redis/${name}\`](../packages/${name})`;

const foreignDrivers = (): readonly LoadedDriver[] => foreignManifests().map(ofManifest);

const ofManifest = (file: ManifestFile): LoadedDriver => ({
  driver: manifestDriver(file),
  knownFailing: knownBeside(file.folder),
  configuration: file.manifest.configuration,
  lacks: () => lackOf(file),
});

const isolated = (driver: Driver): Driver => {
  const program = packagePath('dist', 'serve-adapter-driver.js');
  return describedDriver([process.execPath, program, versionedName(driver)], driver);
};

type Given = LoadedDriver & { readonly line?: string };

async function fromFile(file: string): Promise<readonly Given[]> {
  if (file.endsWith('.json')) return [ofManifest(readManifest(resolve(file)))];
  const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: Driver | readonly Driver[] };
  if (module.default === undefined)
    throw new Error(`${file} has no default export: it takes a driver, or an array of them`);
  const found = [module.default].flat();
  for (const driver of found) checkDriver(file, driver);
  const list = knownBeside(dirname(file));
  return found.map((driver) => ({ driver, knownFailing: list }));
}

async function fromCommand(line: string, { described = {} }: DriverSources): Promise<readonly Given[]> {
  const words = line.trim().split(/\s+/);
  const driver = describedDriver(words, described[line] ?? (await describedBy({ name: line, words })));
  // The program is not always the first word: `python my_driver.py`.
  const folders = words.filter((word) => existsSync(word)).map((word) => dirname(resolve(word)));
  return [{ driver, knownFailing: folders.map(knownBeside).find((list) => list.length > 0) ?? [], line }];
}

/** The known-failing list beside a driver. */
function knownBeside(folder: string): readonly KnownFailing[] {
  const file = join(folder, 'known-failing.json');
  return existsSync(file) ? (readJson(file) as readonly KnownFailing[]) : [];
}
