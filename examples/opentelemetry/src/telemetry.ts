import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

const { OTEL_METRIC_EXPORT_INTERVAL = '60000' } = process.env;

/** To OTEL_EXPORTER_OTLP_ENDPOINT, http://localhost:4318 where it is not set. */
const reader = new PeriodicExportingMetricReader({
  exporter: new OTLPMetricExporter(),
  exportIntervalMillis: Number(OTEL_METRIC_EXPORT_INTERVAL),
  exportTimeoutMillis: Number(OTEL_METRIC_EXPORT_INTERVAL) / 2,
});
const provider: MeterProvider = new MeterProvider({ readers: [reader] });
metrics.setGlobalMeterProvider(provider);

/** Exports what was measured last. */
export const stopTelemetry = (): Promise<void> => provider.shutdown();
