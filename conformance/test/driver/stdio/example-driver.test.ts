import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { tokenUrlOf } from '../../../src/drivers/http-provider.ts';
import { stdioDriver, planCases, runCases, scenarios, targets } from '../../../src/index.ts';
import { fake } from '../../../src/targets/fake.ts';

const program = fileURLToPath(new URL('../../../example-driver/driver.js', import.meta.url));
const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** A driver's file that does something first. */
function written(name: string, first: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'entra-redis-driver-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, `${first}\nawait import(${JSON.stringify(pathToFileURL(program).href)});\n`);
  return file;
}

test('a driver in plain JavaScript that speaks JSON lines runs the suite', { timeout: 60_000 }, async () => {
  const drivers = [await stdioDriver([process.execPath, program])];
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

test('the example keeps replies in step when it loses its connection while the next token is on its way', async () => {
  const target = await fake.start({ lifetimeMs: 2000 });
  onTestFinished(() => target.close());
  const { entra, endpoint } = target;
  const { ExampleClient } = (await import(new URL('client.js', pathToFileURL(program)).href)) as {
    ExampleClient: new (
      ...given: unknown[]
    ) => {
      ready: Promise<void>;
      command(args: string[]): Promise<unknown>;
      close(): void;
    };
  };
  const client = new ExampleClient(endpoint, tokenUrlOf(entra), () => undefined);
  onTestFinished(() => client.close());
  await client.ready;
  entra.fail({ kind: 'delay', delayMs: 300 }, 2);
  await vi.waitUntil(() => entra.requests.length === 2, { timeout: 10_000 });
  target.cut();
  await vi.waitUntil(() => entra.requests.length > 3, { timeout: 10_000 });
  expect(await client.command(['ECHO', 'here'])).toBe('here');
});

test("a whole run of another driver is not held to the suite's own known-failing patterns", { timeout: 60_000 }, () => {
  const { status, stderr } = spawnSync(process.execPath, [cli, '--driver-command', `node ${program}`, '--list'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('what a driver process prints beside its messages, JSON or not, is no message', { timeout: 60_000 }, async () => {
  const noisy = written('noisy.mjs', "console.log('hello'); console.log(42); console.log(null);");
  expect(await stdioDriver([process.execPath, noisy])).toMatchObject({ name: 'example' });
});

test('a driver that is given beside names of ours is refused', { timeout: 60_000 }, () => {
  const { status, stderr } = spawnSync(process.execPath, [cli, '--driver', 'ioredis@6,./my-driver.js'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining('names of our drivers beside files'),
  });
});
