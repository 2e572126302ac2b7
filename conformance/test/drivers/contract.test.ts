// The contract of drivers, held by those that run as programs: ours, the peers and the example.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { suiteDrivers } from '../../src/driver/load-drivers.ts';
import { type Driver, planCases, stdioDriver, targets } from '../../src/index.ts';
import { contractScenarios } from '../../src/scenarios/driver/contract.ts';
import { runPatiently } from '../run-patiently.ts';

const example = fileURLToPath(new URL('../../example-driver/driver.js', import.meta.url));
const newest = ({ name, clientVersion }: Driver): boolean =>
  !['ioredis', 'node-redis'].includes(name) || clientVersion.startsWith('6.');

test('every scenario of the contract is held by the drivers of the suite', { timeout: 240_000 }, async () => {
  const drivers = suiteDrivers(true).map(({ driver }) => driver);
  const all = [...drivers.filter(newest), await stdioDriver([process.execPath, example])];
  const cases = planCases({ scenarios: contractScenarios, drivers: all, targets }, { target: 'fake' });
  const holds = ({ outcome }: { outcome: string }): boolean => /^(?:pass|degraded-as-declared)$/.test(outcome);
  const results = await runPatiently(cases, 4, holds);
  expect(results.filter((result) => !holds(result))).toEqual([]);
});
