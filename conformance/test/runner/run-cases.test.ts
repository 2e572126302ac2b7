import assert from 'node:assert/strict';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KnownFailures } from '../../src/runner/known-failing.ts';
import { planCases } from '../../src/runner/plan.ts';
import { exitCodeOf, runCases } from '../../src/runner/run-cases.ts';
import type { Target } from '../../src/targets/target.ts';
import type { Capability, Session, Support } from '../../src/driver/driver.ts';
import type { CaseResult } from '../../src/runner/case-result.ts';
import type { Scenario } from '../../src/scenarios/scenario.ts';
import { driverOf, fakeTarget, scenarioOf, targetOf } from '../support.ts';

interface Setup {
  scenario: Scenario;
  target?: Target;
  missing?: Partial<Record<Capability, Support>>;
  known?: string;
  error?: string | readonly string[];
  flaky?: true;
  client?: Partial<Session>;
}

async function runOne({
  scenario,
  target = fakeTarget,
  missing = {},
  known,
  error = 'broken',
  flaky,
  client = {},
}: Setup): Promise<CaseResult & { trace?: string }> {
  const cases = planCases({
    scenarios: [scenario],
    drivers: [driverOf('client', '1.0.0', missing, client)],
    targets: [target],
  });
  const failures = new KnownFailures(
    known === undefined
      ? []
      : [{ pattern: known, because: 'it lacks it', issue: 'N3', error, ...(flaky === undefined ? {} : { flaky }) }],
  );
  let trace: string | undefined;
  const [result] = await runCases(cases, {
    seed: 1,
    caseTimeoutMs: 2000,
    concurrency: 2,
    knownFailing: (address) => failures.find(address),
    onResult: (_, text) => {
      trace = text;
    },
  });
  return { ...(result as CaseResult), ...(trace === undefined ? {} : { trace }) };
}

const passes = async (): Promise<void> => undefined;
const fails = async (): Promise<void> => assert.fail('broken');
const lacking = { duplicate: { supported: false, because: 'it has none' } } as const;

test('a scenario that holds passes', async () => {
  const result = await runOne({ scenario: scenarioOf('a/b', passes) });
  expect(result).toMatchObject({
    outcome: 'pass',
    case: 'a/b/driver:client@1.0.0/target:fake/resp:3',
    scenario: 'a/b',
    target: 'fake',
  });
});

test('one that does not fails, with its error and the wire timeline without secrets', async () => {
  const scenario = scenarioOf('a/b', async (context) => {
    const { value: password } = await context.target.entra.issueToken();
    const { host, port } = context.target.endpoint;
    const { connect } = await import('node:net');
    const socket = connect(port, host);
    socket.write(`AUTH ${context.target.entra.objectId} ${password}\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    assert.fail(`broken, with ${password.length} characters of token`);
  });
  const result = await runOne({ scenario });
  expect(result).toMatchObject({ outcome: 'fail', error: expect.stringContaining('broken') });
  expect(result.trace).toMatch(/login AUTH/);
  expect(result.trace).not.toMatch(/eyJ/);
});

test('a missing capability is degraded as declared while `otherwise` holds, and fails when it does not', async () => {
  const scenario = (otherwise: () => Promise<void>) => scenarioOf('a/b', fails, { requires: ['duplicate'], otherwise });
  expect(await runOne({ scenario: scenario(passes), missing: lacking })).toMatchObject({
    outcome: 'degraded-as-declared',
    reason: 'duplicate: it has none',
  });
  expect((await runOne({ scenario: scenario(fails), missing: lacking })).outcome).toBe('fail');
});

test('a known failure still runs: it may fail, and must leave the list when it passes', async () => {
  const known = 'a/b/*';
  expect(await runOne({ scenario: scenarioOf('a/b', fails), known })).toMatchObject({
    outcome: 'known-failing',
    reason: 'it lacks it (N3)',
  });
  expect(await runOne({ scenario: scenarioOf('a/b', passes), known })).toMatchObject({
    outcome: 'unexpected-pass',
    reason: expect.stringContaining('was expected to fail but did not'),
  });
});

test('a driver without a client for the topology is degraded, whatever it is known to fail elsewhere', async () => {
  const scenario = scenarioOf('a/b', fails, { topologies: ['standalone', 'sentinel'] });
  const target = targetOf('asked-by-sentinel', () => fakeTarget.start({ lifetimeMs: 60_000 }), {
    topology: 'sentinel',
  });
  const missing = { sentinel: { supported: false, because: 'it asks none' } } as const;
  expect(await runOne({ scenario, target, missing, known: 'a/b/*' })).toMatchObject({
    outcome: 'degraded-as-declared',
    reason: 'sentinel: it asks none',
  });
});

test('a known failure that fails for another reason is a failure, flaky or not, with both reasons', async () => {
  const scenario = scenarioOf('a/b', fails);
  for (const flaky of [{}, { flaky: true as const }]) {
    expect(await runOne({ scenario, known: 'a/b/*', error: 'no route', ...flaky })).toMatchObject({
      outcome: 'fail',
      reason: 'was expected to fail with "no route" (N3), but failed for another reason',
      error: 'broken',
      trace: expect.any(String),
    });
  }
});

test.each([
  ['broken', true],
  ['b*ken', true],
  ['bro*br', false],
  [['no route', 'broke'], true],
  ['Broken', false],
  ['.*', false],
] as const)('the error of a known failure: %j', async (error, known) => {
  const { outcome } = await runOne({ scenario: scenarioOf('a/b', fails), known: 'a/b/*', error });
  expect(outcome).toBe(known ? 'known-failing' : 'fail');
});

test.each([
  ['a whole group', { pattern: 'reauth/*/driver:mine@1.0.0/*', error: 'x' }, 'must name one scenario'],
  ['two scenarios', { pattern: 'reauth/a/*,reauth/b/*', error: 'x' }, 'must name one scenario'],
  ['any error', { pattern: 'reauth/a/*', error: '*' }, '"error" must be what the error contains'],
  ['no error', { pattern: 'reauth/a/*', error: [] }, '"error" must be what the error contains'],
])('a line that excuses %s is refused', (_what, line, words) => {
  expect(() => new KnownFailures([{ because: 'x', issue: 'y', ...line }])).toThrow(words);
});

test('a failure that is known to come now and then may stay away', async () => {
  const flaky = { known: 'a/b/*', flaky: true } as const;
  expect((await runOne({ scenario: scenarioOf('a/b', fails), ...flaky })).outcome).toBe('known-failing');
  expect((await runOne({ scenario: scenarioOf('a/b', passes), ...flaky })).outcome).toBe('pass');
});

test('a target that does not start could not run, with its sentence', async () => {
  const target = targetOf('gone', () => Promise.reject(new Error('No redis-server: install one.')));
  expect(await runOne({ scenario: scenarioOf('a/b', passes), target })).toMatchObject({
    outcome: 'could-not-run',
    error: 'No redis-server: install one.',
  });
});

test('a scenario that never ends fails in time', async () => {
  const result = await runOne({ scenario: scenarioOf('a/b', () => new Promise(() => undefined)) });
  expect(result).toMatchObject({ outcome: 'fail', error: 'the case did not end within 2000 ms' });
});

test('a scenario that waits for ever for a client says what for, and what the client told', async () => {
  const client = { command: () => new Promise(() => undefined), errors: ['refused', 'connect ECONNREFUSED'] };
  const scenario = scenarioOf('a/b', async (context) => {
    const session = await context.connect();
    await session.command('BLPOP', 'nothing', '0');
  });
  expect(await runOne({ scenario, client })).toMatchObject({
    outcome: 'fail',
    error: 'the case did not end within 2000 ms\n  waits for: BLPOP nothing 0\n  was told: connect ECONNREFUSED',
  });
});

test('a target that never starts could not run, in time', async () => {
  const target = targetOf('slow', () => new Promise(() => undefined));
  expect(await runOne({ scenario: scenarioOf('a/b', passes), target })).toMatchObject({
    outcome: 'could-not-run',
    error: 'the target did not start within 2000 ms',
  });
});

test('a target that starts late is awaited beyond the limit as long as it shows progress', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const start: Target['start'] = async ({ onProgress }) => {
    for (let step = 0; step < 4; step++) {
      await vi.advanceTimersByTimeAsync(1500);
      onProgress?.();
    }
    throw new Error('its own words');
  };
  const target = { ...fakeTarget, start };
  expect(await runOne({ scenario: scenarioOf('a/b', passes), target })).toMatchObject({
    outcome: 'could-not-run',
    error: 'its own words',
  });
});

test('a target that does not close fails its own case, and the run goes on', async () => {
  const target = targetOf('stuck', async () => {
    const running = await fakeTarget.start({ lifetimeMs: 60_000 });
    const close = async (): Promise<void> => {
      await running.close();
      throw new Error('close broke');
    };
    return { ...running, close };
  });
  expect(await runOne({ scenario: scenarioOf('a/b', passes), target })).toMatchObject({
    outcome: 'fail',
    error: 'close broke',
  });
});

test('no token of an error gets into the results', async () => {
  let password = '';
  const scenario = scenarioOf('a/b', async (context) => {
    ({ value: password } = await context.target.entra.issueToken());
    throw new Error(`the server said: AUTH ${password}`);
  });
  const { error } = await runOne({ scenario });
  expect(error).toBe('the server said: AUTH <token>');
  for (const part of password.split('.')) expect(error).not.toContain(part);
});

test.each([
  ['pass', 0],
  ['degraded-as-declared', 0],
  ['known-failing', 0],
  ['fail', 1],
  ['unexpected-pass', 1],
  ['could-not-run', 1],
] as const)('a run with a case that is %s exits %i', (outcome, code) => {
  const results = [{ outcome, target: 'fake' } as CaseResult];
  expect(exitCodeOf(results, () => true, 0)).toBe(code);
});

test('an optional target may be absent; a known-failing pattern that matches nothing may not', () => {
  const results = [{ outcome: 'could-not-run', target: 'valkey' } as CaseResult];
  expect(exitCodeOf(results, () => false, 0)).toBe(0);
  expect(exitCodeOf([], () => true, 1)).toBe(1);
});

test('the list knows which of its patterns named nothing', () => {
  const known = new KnownFailures([
    { pattern: 'a/b/*', because: 'x', issue: 'y', error: 'z' },
    { pattern: 'b/c/*', because: 'x', issue: 'y', error: 'z' },
  ]);
  known.find('a/b/driver:c');
  expect(known.unmatched().map(({ pattern }) => pattern)).toEqual(['b/c/*']);
});
