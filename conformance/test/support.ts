import type { RunningTarget, Target } from '../src/targets/target.ts';
import {
  capabilities,
  type Application,
  type Capability,
  type Driver,
  type Session,
  type Support,
} from '../src/driver/driver.ts';
import type { CaseResult, Outcome } from '../src/runner/case-result.ts';
import type { Scenario } from '../src/scenarios/scenario.ts';
import { fake } from '../src/targets/fake.ts';

export function driverOf(
  name: string,
  clientVersion: string,
  missing: Partial<Record<Capability, Support>> = {},
  client: Partial<Session> = {},
): Driver {
  const all = Object.fromEntries(capabilities.map((capability) => [capability, true])) as Record<Capability, true>;
  const session: Session = {
    ready: async () => undefined,
    command: async () => 'PONG',
    pipeline: async () => [],
    transaction: async () => [],
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    duplicate: async () => session,
    connected: async () => true,
    errors: [],
    describe: async () => '',
    close: async () => undefined,
    ...client,
  };
  const application: Application = {
    open: async () => session,
    events: [],
    describe: async () => '',
    close: async () => undefined,
  };
  const start = async (): Promise<Application> => application;
  return { name, clientVersion, resp: [2, 3], capabilities: { ...all, ...missing }, closeWays: ['close'], start };
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

/** What a report holds of one case. */
export const resultOf = (outcome: Outcome, more: Partial<CaseResult> = {}): CaseResult => ({
  case: 'a/b/driver:client@1.0.0/target:fake/resp:3',
  scenario: 'a/b',
  driver: 'client',
  driverVersion: '1.0.0',
  target: 'fake',
  outcome,
  durationMs: 12,
  ...more,
});
