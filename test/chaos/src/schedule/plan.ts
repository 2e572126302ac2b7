import type { Topology } from '@entra-redis/conformance';
import { seededRandom, seedFor } from '@entra-redis/conformance/driver-kit';
import { diceOf, makers, type Step } from './faults.ts';

export interface RoundPlan {
  /** Of the tokens. */
  readonly lifetimeMs: number;
  readonly stormMs: number;
  readonly storms: readonly (readonly Step[])[];
}

/** How long a storm and its calm take together, about. */
const cycleMs = 25_000;
const shortestStormMs = 3000;

/** From the end of a storm to the end of its calm, beside what coming back takes. */
export const calmMs = (lifetimeMs: number): number => lifetimeMs * 2.5;

/** What one round does: the same for the same seed, client, target and time. */
export function planRound(options: {
  readonly seed: number;
  readonly client: string;
  readonly target: string;
  readonly topology: Topology;
  readonly seconds: number;
}): RoundPlan {
  const random = seededRandom(seedFor(options.seed, `${options.client} ${options.target}`));
  const lifetimeMs = diceOf(random).between(3000, 5000);
  const wholeMs = options.seconds * 1000;
  const count = Math.max(1, Math.floor(wholeMs / cycleMs));
  const stormMs = Math.max(shortestStormMs, Math.round(wholeMs / count - calmMs(lifetimeMs)));
  const storms = Array.from({ length: count }, () => planStorm(random, options.topology, stormMs));
  return { lifetimeMs, stormMs, storms };
}

/** What goes wrong when, in one storm. */
function planStorm(random: () => number, topology: Topology, stormMs: number): readonly Step[] {
  const dice = diceOf(random);
  const possible = makers.filter(({ topologies }) => topologies?.includes(topology) ?? true);
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
