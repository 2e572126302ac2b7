import type { Topology } from '@entra-redis/conformance';
import { diceOf, makers, type Step } from './faults.ts';

/** A storm: what goes wrong when, for `stormMs`. The same for the same random numbers. */
export function planStorm(random: () => number, topology: Topology, stormMs: number): readonly Step[] {
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
