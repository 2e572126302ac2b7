import { randomUUID } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { channels, type TokenEvent } from '@entra-redis/token-manager';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blocksOf, root } from '../src/markdown.ts';

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}
const read = (file: string): string => readFileSync(`${root}docs/monitoring/${file}`, 'utf8');
const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
const { groups } = parse(read('alerts.yml')) as {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules);
const queries = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
];

/** What the metrics of the page are in Prometheus: name and labels of each series. */
const series = new Map<string, ReadonlySet<string>>();
beforeAll(async () => {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
  await runRecipe();
  const connection = { client: 'ioredis' };
  const error = { code: 'ERR_TOKEN_REQUEST_FAILED' };
  for (const type of Object.keys(channels) as TokenEvent['type'][])
    channel(channels[type]).publish({ type, connection, error, durationMs: 5, permanent: true });
  const { resourceMetrics } = await exporter.collect();
  const text = new PrometheusSerializer().serialize(resourceMetrics);
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]+)(?:\{([^}]*)\})? \S+/gm))
    series.set(withUnit(name), new Set([...labels.matchAll(/(\w+)="/g)].map(([, label]) => label ?? '')));
});

/** The Collector and Prometheus itself add the unit, as the specification asks; the exporter of OpenTelemetry for JavaScript does not. */
const withUnit = (name: string): string => name.replace(/_duration(?=_bucket|_sum|_count)/, '_duration_seconds');

/** The program of docs/opentelemetry.md, as a module beside the libraries that it imports. */
async function runRecipe(): Promise<void> {
  const recipe = blocksOf('docs/opentelemetry.md').find(({ language }) => language === 'ts');
  const file = fileURLToPath(new URL(`../metrics-recipe-${randomUUID()}.out.ts`, import.meta.url));
  writeFileSync(file, recipe?.text ?? '');
  try {
    await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}

/** Grafana replaces its variables before Prometheus sees the query. */
const asSent = (expr: string): string => expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*');

function namesIn(expr: string, kind: string): string[] {
  const names: string[] = [];
  parser.parse(asSent(expr)).iterate({
    enter({ name, from, to }) {
      if (name === '⚠') names.push(`not PromQL at ${from}`);
      if (name === kind) names.push(asSent(expr).slice(from, to));
    },
  });
  return names;
}

test.each(queries)('%s asks for series and labels that are exported: %s', (_title, expr) => {
  const names = namesIn(expr, 'Identifier');
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !series.has(name))).toEqual([]);
  // Prometheus adds these two by itself.
  const labels = new Set([...names.flatMap((name) => [...(series.get(name) ?? [])]), 'job', 'instance', 'le']);
  expect(namesIn(expr, 'LabelName').filter((label) => !labels.has(label))).toEqual([]);
});

const increases = /(?:increase|rate)\(([^[]+)\[([^\]]+)\]\)/g;

test.each(queries)(
  '%s counts the value with which a series begins, which increase() alone misses: %s',
  (_title, expr) => {
    const flat = expr.replaceAll(/\s+/g, ' ');
    const found = [...flat.matchAll(increases)];
    expect(found.length).toBeGreaterThan(0);
    for (const [whole, name, range] of found)
      expect(flat).toContain(`(${name} unless ${name} offset ${range}) or ${whole}`);
  },
);

test('every alert has a test of its own for promtool, in which it fires', () => {
  const { tests } = parse(read('alerts.test.yml')) as {
    readonly tests: readonly {
      readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: readonly unknown[] }[];
    }[];
  };
  const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
  const fires = cases.filter(({ exp_alerts = [] }) => exp_alerts.length > 0).map(({ alertname }) => alertname);
  expect([...new Set(fires)].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

test('the page describes every alert, and there are five', () => {
  const page = readFileSync(`${root}docs/monitoring.md`, 'utf8');
  expect(alerts).toHaveLength(5);
  for (const { alert } of alerts) expect(page).toContain(`| \`${alert}\` |`);
});

test('the page has the name in Prometheus of every metric', () => {
  const page = readFileSync(`${root}docs/monitoring.md`, 'utf8');
  const families = [...series.keys()]
    .filter((name) => name.startsWith('entra_redis_'))
    .map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
  expect(new Set(families).size).toBe(6);
  for (const family of families) expect(page).toContain(`\`${family}\` |`);
});
