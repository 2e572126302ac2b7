import type { RunningTarget, Target } from '../src/targets/types.ts';
import { capabilities, type Capability, type Driver, type Scenario, type Session, type Support } from '../src/types.ts';
import { fake } from '../src/targets/fake.ts';

export function driverOf(
  name: string,
  clientVersion: string,
  missing: Partial<Record<Capability, Support>> = {},
): Driver {
  const all = Object.fromEntries(capabilities.map((capability) => [capability, true])) as Record<Capability, true>;
  const session: Session = {
    ready: async () => undefined,
    command: async () => 'PONG',
    pipeline: async () => [],
    transaction: async () => [],
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    duplicate: () => session,
    connected: true,
    errors: [],
    describe: () => '',
    close: async () => undefined,
  };
  return { name, clientVersion, resp: [2, 3], capabilities: { ...all, ...missing }, open: () => session };
}

export const scenarioOf = (id: string, run: Scenario['run'], more: Partial<Scenario> = {}): Scenario => ({
  id,
  title: id,
  why: 'a test',
  topologies: ['standalone'],
  resp: [3],
  run,
  ...more,
});

export const targetOf = (name: string, start: () => Promise<RunningTarget>, more: Partial<Target> = {}): Target => ({
  name,
  topology: 'standalone',
  resp: [2, 3],
  required: true,
  start,
  ...more,
});

export const fakeTarget: Target = targetOf('fake', () => fake.start({ lifetimeMs: 60_000 }));
