import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Point {
  readonly attributes?: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly count?: number | string;
  readonly asInt?: number | string;
  readonly asDouble?: number;
}
interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}
interface Export {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[];
}

/** An OpenTelemetry collector (OTLP over HTTP, as JSON) that keeps the newest value of each metric in memory. */
export interface Collector {
  readonly endpoint: string;
  /** How often something was exported. */
  readonly exports: number;
  /** `name{key=value}` of a counter, or how many values a histogram has. */
  readonly values: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

function readValues({ resourceMetrics }: Export, values: Map<string, number>): void {
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  for (const { name, sum, histogram } of metrics) {
    for (const { attributes = [], count, asInt, asDouble } of (sum ?? histogram)?.dataPoints ?? []) {
      const labels = attributes.map(({ key, value }) => `${key}=${Object.values(value).join()}`);
      values.set(`${name}{${labels.join()}}`, Number(count ?? asInt ?? asDouble));
    }
  }
}

export async function startCollector(): Promise<Collector> {
  const values = new Map<string, number>();
  let exports = 0;
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        exports += 1;
        readValues(body as Export, values);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get exports() {
      return exports;
    },
    values,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
