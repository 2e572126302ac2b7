import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startApplication } from '../src/application.ts';
import { startEmulator } from '../src/emulator.ts';
import { examples } from '../src/examples.ts';
import { runExample } from '../src/run.ts';

// By MSAL's count it is up to a second less: it takes whole ones. Some is gone before a program that has just started logs in.
const limits = { rotations: 3, lifetimeMs: 6000 };
const source = (path: string): Promise<string> => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

test.concurrent.for(Object.entries(examples))(
  'example-%s works through three rotations under load, and ends by itself when asked to',
  async ([name, example], { expect: expectHere }) => {
    const report = await runExample(name, example, limits);
    expectHere(report.failures, report.logins).toEqual([]);
    expectHere(report).toMatchObject({ expired: 0, repeated: 0 });
    expectHere(report.rotations).toBeGreaterThanOrEqual(limits.rotations);
  },
);

test.concurrent('a program that keeps its first token fails: what is asserted above can be seen', async ({
  expect: expectHere,
}) => {
  const folder = fileURLToPath(new URL('static-token/', import.meta.url));
  const { target, traffic } = examples['rate-limiter'] as (typeof examples)[string];
  const report = await runExample('static-token', { target, traffic }, { rotations: 1, lifetimeMs: 2000, folder });
  expectHere(report.expired).toBeGreaterThan(0);
  const failures = report.failures.join('\n');
  expectHere(failures).toContain('connections were cut because their token had expired');
  expectHere(failures).toContain('status 503');
  expectHere(failures).toContain('WRONGPASS');
  expectHere(failures).toContain('ended with SIGTERM instead of exit code 0');
});

test.concurrent('with AZURE_REDIS_ENDPOINT set, start runs the program on that cache by environment alone', async ({
  expect: expectHere,
}) => {
  const azure = await startEmulator('redis-tls', limits.lifetimeMs);
  const started = await startApplication(fileURLToPath(new URL('..', import.meta.url)), azure.env, undefined, [
    'node-redis',
  ]);
  try {
    const answer = await fetch(`${started.url}/likes/tea`, { method: 'POST' });
    expectHere(await answer.json()).toEqual({ article: 'tea', count: 1 });
    await started.stop();
    expectHere(started.exitCode).toBe(0);
    expectHere(started.complaints).toEqual([]);
  } finally {
    await started.stop();
    await azure.close();
  }
});

test('the metrics of example-opentelemetry are the recipe of the documentation', async () => {
  const recipe = await source('examples/opentelemetry/src/entra-redis-metrics.ts');
  expect(await source('docs/opentelemetry.md')).toContain(`\n${recipe}\`\`\``);
});
