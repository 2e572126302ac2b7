import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { capabilities, KnownFailures, planCases, runCases, stdioDriver } from '../../../src/index.ts';
import type { CaseResult } from '../../../src/runner/case-result.ts';
import { driverOf, fakeTarget, scenarioOf } from '../../support.ts';

const program = fileURLToPath(new URL('./misbehaving-driver.js', import.meta.url));
const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const commandOf = (misbehavior: string): string[] => [process.execPath, program, misbehavior, capabilities.join(',')];

/** A case of the driver that misbehaves beside one of a driver that does not. */
async function runBeside(misbehavior: string): Promise<CaseResult[]> {
  const scenario = scenarioOf('a/b', async (context) => {
    await (await context.connect()).command('PING');
  });
  const drivers = [await stdioDriver(commandOf(misbehavior)), driverOf('good', '1.0.0')];
  return await runCases(planCases({ scenarios: [scenario], drivers, targets: [fakeTarget] }), {
    seed: 1,
    caseTimeoutMs: 3000,
    concurrency: 2,
    knownFailing: (address) => new KnownFailures([]).find(address),
  });
}

test.concurrent.each([
  ['hangs', 'the case did not end within 3000 ms\n  waits for: PING'],
  ['dies', 'the process of the driver driver-that-dies ended: exit code 1\nTraceback: something broke'],
  ['floods', 'the process of the driver driver-that-floods printed more than'],
  ['never-ends-a-line', 'the process of the driver driver-that-never-ends-a-line printed a line of more than'],
])('a driver that %s fails its case, by its name; the others run', { timeout: 60_000 }, async (misbehavior, told) => {
  const [bad, good] = await runBeside(misbehavior);
  expect(bad).toMatchObject({ driver: `driver-that-${misbehavior}`, outcome: 'fail' });
  expect(bad?.error).toContain(told);
  expect(good).toMatchObject({ driver: 'good', outcome: 'pass' });
});

test('a process that hangs is ended with its case', { timeout: 60_000 }, async () => {
  await runBeside('hangs');
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  expect(stdout.split('\n').filter((args) => args.includes(`${program} hangs`))).toEqual([]);
});

const listed = (...commands: string[]): { status: number | null; stderr: string; stdout: string } => {
  const args = commands.flatMap((command) => ['--driver-command', command]);
  return spawnSync(process.execPath, [cli, ...args, '--target', 'fake', '--scenario', 'connect/auth-first', '--list'], {
    encoding: 'utf8',
  });
};

test('a driver that cannot be asked is told by its command; the others are planned, and the run is bad', () => {
  const example = fileURLToPath(new URL('../../../example-driver/driver.js', import.meta.url));
  const bad = commandOf('speaks-another-protocol').join(' ');
  const { status, stderr, stdout } = listed(bad, 'entra-redis-no-such-program', `node ${example}`);
  expect(stderr).toContain(`${bad}: it speaks version 2 of the protocol; this suite speaks version 1`);
  expect(stderr).toMatch(/the process of the driver entra-redis-no-such-program did not start: .*ENOENT/);
  expect(stdout).toMatch(/^connect\/auth-first\/driver:example@1\.0\.0\/target:fake\/resp:2\n$/);
  expect(status).toBe(1);
});

test('a run without any driver that can be used is an error', () => {
  const { status, stderr } = listed('entra-redis-no-such-program');
  expect(stderr).toContain('conformance: the process of the driver entra-redis-no-such-program did not start');
  expect(status).toBe(2);
});
