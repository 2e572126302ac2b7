import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { childDriver, planCases, runCases, scenarios, targets } from '../src/index.ts';

const program = fileURLToPath(new URL('../example-driver/driver.js', import.meta.url));

test('a driver in plain JavaScript that speaks JSON lines runs the suite', { timeout: 60_000 }, async () => {
  const drivers = [await childDriver([process.execPath, program])];
  const scenario =
    'connect/auth-first,connect/waits-for-first-token,connect/offline-queue,reauth/one-auth,reauth/multi';
  const cases = planCases({ scenarios, drivers, targets }, { scenario, target: 'fake' });
  const results = await runCases(cases, {
    seed: 1,
    concurrency: 5,
    caseTimeoutMs: 30_000,
    knownFailing: () => undefined,
  });
  expect(results.map((result) => `${result.scenario}: ${result.error ?? result.outcome}`)).toEqual([
    'connect/auth-first: pass',
    'connect/offline-queue: pass',
    'connect/waits-for-first-token: pass',
    'reauth/multi: degraded-as-declared',
    'reauth/one-auth: pass',
  ]);
});
