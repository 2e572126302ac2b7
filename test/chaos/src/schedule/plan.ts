import type { Topology } from '@entra-redis/conformance';
import { seededRandom, seedFor } from '@entra-redis/conformance/driver-kit';
import { type Dice, diceOf, makers, type Step } from './faults.ts';
import { allMisleading, type Misleading } from './misleading.ts';

export interface RoundPlan {
  /** Of the tokens. */
  readonly lifetimeMs: number;
  readonly stormMs: number;
  readonly storms: readonly (readonly Step[])[];
  /** What comes in the calm after each. */
  readonly calms: readonly Misleading[];
}

/** How long a storm and its calm take together, about. */
const cycleMs = 30_000;
const shortestStormMs = 3000;

/** From when on nothing may fail until the end of the calm: as long as a token lives that is requested in it. */
export const strictMs = (lifetimeMs: number): number => lifetimeMs * 1.75;
/** Those that leave the adapter the time that it has otherwise. */
const unhurried: ReadonlySet<Misleading> = new Set(['overstated-expiry', 'clock-behind', 'clock-set-back']);

/**
 * How long a process may stand still in a calm: a tenth of a token's life, as the suite has it. After a Retry-After of a day the adapter asks
 * again when no more than that is left; and of a credential that switches between two tokens it needs three requests, one after the other.
 */
export const patienceMs = (kind: Misleading, lifetimeMs: number): number =>
  unhurried.has(kind) ? lifetimeMs / 10 : lifetimeMs / 50;
/** From the end of a storm to the end of its calm, beside what coming back takes. */
const calmMs = (lifetimeMs: number): number => lifetimeMs + strictMs(lifetimeMs);

/** What one round does: the same for the same seed, client, target and time. */
export function planRound(options: {
  readonly seed: number;
  readonly client: string;
  readonly target: string;
  readonly topology: Topology;
  readonly seconds: number;
  /** See `Maker.movable`. */
  readonly movable?: boolean;
}): RoundPlan {
  const random = seededRandom(seedFor(options.seed, `${options.client} ${options.target}`));
  const lifetimeMs = diceOf(random).between(5000, 7000);
  const wholeMs = options.seconds * 1000;
  const count = Math.max(1, Math.floor(wholeMs / cycleMs));
  const stormMs = Math.max(shortestStormMs, Math.round(wholeMs / count - calmMs(lifetimeMs)));
  const possible = makers.filter(
    ({ topologies, movable }) =>
      (topologies?.includes(options.topology) ?? true) && (movable !== true || options.movable === true),
  );
  const storms = Array.from({ length: count }, () => planStorm(random, possible, stormMs));
  return { lifetimeMs, stormMs, storms, calms: planCalms(diceOf(random), count) };
}

/** Each as often as the others, from one at random on. */
function planCalms(dice: Dice, count: number): readonly Misleading[] {
  const first = dice.between(0, allMisleading.length - 1);
  return Array.from(
    { length: count },
    (_, index) => allMisleading[(first + index) % allMisleading.length] as Misleading,
  );
}

/** What goes wrong when, in one storm. */
function planStorm(random: () => number, possible: typeof makers, stormMs: number): readonly Step[] {
  const dice = diceOf(random);
  const whole = possible.reduce((sum, { weight }) => sum + weight, 0);
  const steps: Step[] = [];
  for (let atMs = dice.between(50, 600); atMs < stormMs; atMs += dice.between(30, 900)) {
    let left = random() * whole;
    const maker = possible.find(({ weight }) => (left -= weight) < 0);
    if (maker !== undefined) steps.push({ atMs, fault: maker.make(dice) });
  }
  return steps;
}

/** One line for people. */
export function describeStep({ atMs, fault }: Step): string {
  const { kind, ...rest } = fault;
  const details = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [`+${(atMs / 1000).toFixed(2)}s`, kind, ...details].join(' ');
}
