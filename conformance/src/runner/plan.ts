import type { Capability, Driver, Support } from '../driver/driver.ts';
import type { Target, Topology } from '../targets/target.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** One scenario for one driver on one target. */
export interface Case {
  readonly address: string;
  readonly scenario: Scenario;
  readonly driver: Driver;
  readonly target: Target;
  readonly resp: 2 | 3;
  /** Capabilities that the scenario needs and the driver lacks, with the driver's reasons. */
  readonly missing: readonly { readonly capability: Capability; readonly because: string }[];
}

/** Of its tokens, ms. */
export const lifetimeOf = ({ scenario, driver }: Pick<Case, 'scenario' | 'driver'>): number =>
  (scenario.lifetimeMs ?? 3000) * (driver.timeScale ?? 1);

export interface Selection {
  readonly driver?: string;
  readonly target?: string;
  readonly scenario?: string;
}

/** A glob with `*` and comma-separated alternatives, over whole names; `*` crosses slashes. */
export function globMatcher(glob: string): (name: string) => boolean {
  const alternatives = glob.split(',').map((part) =>
    part
      .trim()
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*'),
  );
  const pattern = new RegExp(`^(?:${alternatives.join('|')})$`);
  return (name) => pattern.test(name);
}

export interface Catalogue {
  readonly scenarios: readonly Scenario[];
  readonly drivers: readonly Driver[];
  readonly targets: readonly Target[];
}

/**
 * Every case that the selection names, in a stable order. Clusters, sentinels and TLS see what is about connections as such again, of our
 * adapters, with the newest RESP that the client speaks; peers run with theirs everywhere. Throws for a glob that names nothing, and where no case is left.
 */
export function planCases(catalogue: Catalogue, selection: Selection = {}): Case[] {
  const scenarios = select('scenario', catalogue.scenarios, (s) => s.id, selection.scenario);
  const drivers = selectDrivers(catalogue.drivers, selection.driver);
  const targets = select('target', catalogue.targets, (t) => t.name, selection.target);
  const cases = targets.flatMap((target) =>
    drivers.flatMap((driver) => scenarios.flatMap((scenario) => casesOf(scenario, driver, target))),
  );
  if (cases.length > 0) return cases;
  throw new RangeError('No case: none of these scenarios is for these targets and the RESP versions of these drivers.');
}

type Named = Pick<Driver, 'name' | 'clientVersion'>;

/** What tells a driver from all others, in addresses, globs and reports: `ioredis@6.0.0`. */
export const versionedName = ({ name, clientVersion }: Named): string => `${name}@${clientVersion}`;

/** Whether a glob names a driver: `ioredis@6` names every 6.x, `ioredis` all. */
export function driverMatcher(glob: string): (driver: Named) => boolean {
  const matches = globMatcher(glob);
  return (driver) =>
    matches(versionedName(driver)) || matches(driver.name) || matches(versionedName(driver).replace(/\..*/, ''));
}

/** Those that the glob names; throws where there is none. */
export function selectDrivers(drivers: readonly Driver[], glob = '*', option = '--driver'): readonly Driver[] {
  const found = drivers.filter(driverMatcher(glob));
  if (found.length > 0) return found;
  throw new RangeError(`${option} ${glob} names none of: ${drivers.map(versionedName).join(', ')}.`);
}

function select<T>(kind: string, all: readonly T[], wordsOf: (item: T) => string, glob = '*'): readonly T[] {
  const matches = globMatcher(glob);
  const found = all.filter((item) => matches(wordsOf(item)));
  if (found.length > 0) return found;
  throw new RangeError(`--${kind} ${glob} names none of: ${all.map(wordsOf).join(', ')}.`);
}

/** What a driver says of a capability, where it runs. */
export const supportOf = (driver: Driver, capability: Capability, topology: Topology): Support =>
  driver.capabilitiesIn?.[topology]?.[capability] ?? driver.capabilities[capability];

function casesOf(scenario: Scenario, driver: Driver, target: Target): Case[] {
  if (!scenario.topologies.includes(target.topology)) return [];
  if (scenario.realServer === true && target.simulated === true) return [];
  if (scenario.simulated === true && target.simulated !== true) return [];
  if (scenario.azure !== target.azure || (target.azure && driver.peer)) return [];
  const { topology } = target;
  // It is about connections as such, and has been run on one server in the clear.
  const again = scenario.topologies.includes('standalone') && (topology !== 'standalone' || target.tls === true);
  if (again && driver.peer === true) return [];
  const required = new Set([...(topology === 'standalone' ? [] : [topology]), ...(scenario.requires ?? [])]);
  const missing = [...required].flatMap((capability) => {
    const support = supportOf(driver, capability, topology);
    return support === true ? [] : [{ capability, because: support.because }];
  });
  const versions = (scenario.resp ?? [2, 3]).filter((resp) => driver.resp.includes(resp) && target.resp.includes(resp));
  return (again || driver.peer === true ? versions.slice(-1) : versions).map((resp) => {
    const address = `${scenario.id}/driver:${versionedName(driver)}/target:${target.name}/resp:${resp}`;
    return { address, scenario, driver, target, resp, missing };
  });
}
