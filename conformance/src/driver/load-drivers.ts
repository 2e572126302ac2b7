import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkDriver } from './check-driver.ts';
import type { Driver } from './driver.ts';
import { drivers } from '../drivers/adapter-drivers.ts';
import { packagePath } from '../package-folder.ts';
import { stdioDriver } from './stdio/stdio-driver.ts';
import type { Description } from './stdio/protocol.ts';
import type { KnownFailing } from '../runner/known-failing.ts';

export interface DriverSources {
  /** ES modules that export a driver, or several, as default. */
  readonly files: readonly string[];
  /** Commands of drivers that are processes of their own. */
  readonly commands: readonly string[];
  /** Runs the suite's own drivers as processes too, so that a process that stays or crashes is noticed. */
  readonly isolate: boolean;
  /** What drivers that are processes said of themselves before, so that they need not be asked again. */
  readonly described?: Descriptions;
}
/** By command. */
type Descriptions = Readonly<Record<string, Description>>;
export interface LoadedDrivers {
  readonly drivers: readonly Driver[];
  readonly knownFailing: readonly KnownFailing[];
  readonly described: Descriptions;
}

/** The peers that the repository has beside the suite, each a process of its own; the npm package has none. */
const peersFolder = packagePath('peers');

/** Drivers given by files or commands alone; without any, those of the suite and the peers. */
export async function loadDrivers({ files, commands, isolate, described = {} }: DriverSources): Promise<LoadedDrivers> {
  const known: Record<string, Description> = {};
  const child = async (command: readonly string[]): Promise<Driver> => {
    const line = command.join(' ');
    const driver = await stdioDriver(command, described[line]);
    // Without `start`, which is no JSON.
    known[line] = driver;
    return driver;
  };
  if (files.length + commands.length > 0) {
    const loaded = await Promise.all(files.map(fromFile));
    const children = await Promise.all(commands.map((command) => child(command.trim().split(/\s+/))));
    return {
      drivers: [...loaded.flat(), ...children],
      knownFailing: files.flatMap((file) => knownBeside(dirname(file))),
      described: known,
    };
  }
  const peers = existsSync(peersFolder) ? globSync('*/driver.js', { cwd: peersFolder }).sort() : [];
  const own = isolate ? await Promise.all(drivers.map((driver) => child(isolated(driver)))) : drivers;
  const others = await Promise.all(peers.map((path) => child([process.execPath, join(peersFolder, path)])));
  return {
    drivers: [...own, ...others],
    knownFailing: peers.flatMap((path) => knownBeside(join(peersFolder, dirname(path)))),
    described: known,
  };
}

const isolated = ({ name, clientVersion }: Driver): readonly string[] => [
  process.execPath,
  packagePath('dist', 'serve-adapter-driver.js'),
  `${name}@${clientVersion}`,
];

async function fromFile(file: string): Promise<readonly Driver[]> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: Driver | readonly Driver[] };
  if (module.default === undefined)
    throw new Error(`${file} has no default export: it takes a driver, or an array of them`);
  const found = [module.default].flat();
  for (const driver of found) checkDriver(file, driver);
  return found;
}

/** The known-failing list beside a driver. */
function knownBeside(folder: string): readonly KnownFailing[] {
  const file = join(folder, 'known-failing.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly KnownFailing[]) : [];
}
