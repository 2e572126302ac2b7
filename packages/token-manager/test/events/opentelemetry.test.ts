import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, onTestFinished, test } from 'vitest';
import { logIn, timedOut, wrongPass } from '../support/fake-connection.ts';
import { bench, minute } from '../support/bench.ts';

const document = readFileSync(new URL('../../../../docs/opentelemetry.md', import.meta.url), 'utf8');
const recipe = /```ts.*?\n(.*?)```/s.exec(document)?.[1] ?? '';

/** Runs the program of the documentation itself: what it imports is looked up from here. */
async function runRecipe(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  const program = stripTypeScriptTypes(recipe).replaceAll(/from '(?!node:)([^']+)'/g, (_, name: string) => {
    return `from '${pathToFileURL(resolve(name)).href}'`;
  });
  await import(`data:text/javascript,${encodeURIComponent(program)}`);
}

test('the recipe is short', () => {
  expect(recipe.split('\n').length).toBeLessThanOrEqual(25);
});

test('the OpenTelemetry recipe of the documentation counts refreshes, failures and re-AUTHs', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  metrics.setGlobalMeterProvider(provider);
  onTestFinished(async () => {
    metrics.disable();
    await provider.shutdown();
  });
  await runRecipe();

  const world = bench();
  const { connection } = await logIn(world);
  world.provider.script.push(new Error('no route'));
  connection.script.push(timedOut(), wrongPass());
  await world.clock.advance(45 * minute);
  world.provider.script.push(new Error('invalid_client'));
  await world.clock.advance(90 * minute);
  await provider.forceFlush();

  const measured = new Map<string, DataPoint<unknown>[]>();
  for (const { scopeMetrics } of exporter.getMetrics())
    for (const { metrics: of } of scopeMetrics)
      for (const { descriptor, dataPoints } of of) measured.set(descriptor.name, dataPoints);
  const values = (name: string): [unknown, unknown][] =>
    (measured.get(name) ?? []).map(({ attributes, value }) => [attributes, (value as Histogram).count ?? value]);
  const tokens = world.of('token').length;
  expect(values('entra_redis.token.request.duration')).toEqual([[{}, tokens]]);
  expect(values('entra_redis.token.failures')).toEqual([
    [{ code: 'ERR_TOKEN_REQUEST_FAILED', permanent: false }, 1],
    [{ code: 'ERR_TOKEN_REQUEST_FAILED', permanent: true }, 1],
  ]);
  expect(values('entra_redis.refused')).toEqual([[{}, 1]]);
  expect(values('entra_redis.reauth.duration')).toEqual([[{ client: 'test' }, world.of('reauthenticated').length]]);
  expect(values('entra_redis.reauth.failures')).toEqual([[{ client: 'test', code: 'ERR_AUTH_FAILED' }, 1]]);
  world.manager.close();
});
