import { InMemoryLogRecordExporter, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, DataPointType, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { openTelemetry, type OpenTelemetry } from '../../src/adapters/telemetry/open.ts';
import type { MeasureName } from '../../src/telemetry/measures.ts';

/** What was measured under one name and one set of attributes, since the ear was opened. */
export interface Heard {
  readonly name: string;
  readonly by: Readonly<Record<string, unknown>>;
  /** How often. */
  readonly count: number;
  readonly sum: number;
}

/** Telemetry that stays in memory. */
export interface Ear {
  readonly telemetry: OpenTelemetry;
  /** Of one measure, everything whose attributes are among these; `by` may name some of them. */
  readonly of: (name: MeasureName, by?: Readonly<Record<string, unknown>>) => Promise<readonly Heard[]>;
  /** How much that comes to: counts added up, spreads summed. */
  readonly sum: (name: MeasureName, by?: Readonly<Record<string, unknown>>) => Promise<number>;
  readonly count: (name: MeasureName, by?: Readonly<Record<string, unknown>>) => Promise<number>;
  readonly spans: () => Promise<readonly ReadableSpan[]>;
  readonly lines: () => Promise<readonly ReadableLogRecord[]>;
  /** Everything that was exported, as text. */
  readonly all: () => Promise<string>;
}

/** Opens one; it hears on every house that it is given to. */
export function ear(): Ear {
  const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const spans = new InMemorySpanExporter();
  const logs = new InMemoryLogRecordExporter();
  const telemetry = openTelemetry({ spans, metrics, logs }, { instance: 'here', version: 'test' });

  const heard = async (): Promise<readonly Heard[]> => {
    await telemetry.flush();
    return metrics.getMetrics().flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap((scope) =>
        scope.metrics.flatMap((metric): readonly Heard[] => {
          const { name } = metric.descriptor;
          return metric.dataPointType === DataPointType.HISTOGRAM
            ? metric.dataPoints.map(({ attributes: by, value }) => ({
                ...{ name, by, count: value.count, sum: value.sum ?? 0 },
              }))
            : metric.dataPoints.map(({ attributes: by, value }) => ({
                ...{ name, by, count: Number(value), sum: Number(value) },
              }));
        }),
      ),
    );
  };
  const of: Ear['of'] = async (name, by = {}) =>
    (await heard()).filter(
      (one) => one.name === name && Object.entries(by).every(([key, value]) => one.by[key] === value),
    );
  const flushed = async <T>(read: () => T): Promise<T> => {
    await telemetry.flush();
    return read();
  };
  return {
    telemetry,
    of,
    sum: async (...what) => (await of(...what)).reduce((sum, one) => sum + one.sum, 0),
    count: async (...what) => (await of(...what)).reduce((sum, one) => sum + one.count, 0),
    spans: () => flushed(() => spans.getFinishedSpans()),
    lines: () => flushed(() => logs.getFinishedLogRecords()),
    all: async () => {
      const names = (await heard()).map((one) => JSON.stringify(one)).join('\n');
      const told = spans.getFinishedSpans().map((span) => JSON.stringify(plain(span)));
      const written = logs
        .getFinishedLogRecords()
        .map(({ body, attributes, eventName }) => JSON.stringify({ body, attributes, eventName }));
      return [names, ...told, ...written].join('\n');
    },
  };
}

const plain = ({ name, attributes, events, status, links, resource }: ReadableSpan) => ({
  ...{ name, attributes, events, status, links },
  resource: resource.attributes,
});
