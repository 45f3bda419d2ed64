import {
  ApplicationInsightsSampler,
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
  type AzureMonitorExporterOptions,
} from '@azure/monitor-opentelemetry-exporter';
import type { Exporters } from './open.ts';

/**
 * Sends everything to Application Insights. `share` of the traces is kept, 0 to 1; the portal multiplies what it counts by
 * it. Nothing is written to disk: what cannot be sent in time is lost, and the house does not wait for it.
 *
 * @throws Error when the connection string has no instrumentation key.
 */
export function azureMonitor({
  connectionString,
  share = 1,
  httpClient,
}: {
  readonly connectionString: string;
  readonly share?: number;
  /** Carries requests elsewhere than over the network. */
  readonly httpClient?: NonNullable<AzureMonitorExporterOptions['httpClient']>;
}): Exporters {
  const options: AzureMonitorExporterOptions = {
    connectionString,
    disableOfflineStorage: true,
    ...(httpClient !== undefined && { httpClient }),
  };
  return {
    spans: new AzureMonitorTraceExporter(options),
    metrics: new AzureMonitorMetricExporter(options),
    logs: new AzureMonitorLogExporter(options),
    sampler: new ApplicationInsightsSampler(share),
  };
}
