import { SpanStatusCode } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Exporters } from './open.ts';

const SUCCESS = { code: ExportResultCode.SUCCESS };

/** Writes spans and measures as lines of JSON, one each; log lines are on the console already. */
export const toConsole = (write: (line: string) => void): Exporters => ({
  spans: {
    export: (spans, done) => {
      for (const span of spans) write(JSON.stringify(spanLine(span)));
      done(SUCCESS);
    },
    shutdown: () => Promise.resolve(),
  },
  metrics: {
    export: (metrics, done) => {
      for (const line of metricLines(metrics)) write(JSON.stringify(line));
      done(SUCCESS);
    },
    selectAggregationTemporality: () => AggregationTemporality.DELTA,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  },
});

function spanLine(span: ReadableSpan): object {
  const [seconds, nanos] = span.duration;
  const { traceId, spanId } = span.spanContext();
  return {
    span: span.name,
    ms: Math.round(seconds * 1e3 + nanos / 1e6),
    ...span.attributes,
    ...(span.status.code === SpanStatusCode.ERROR && { failed: true }),
    trace: traceId,
    id: spanId,
    ...(span.parentSpanContext !== undefined && { in: span.parentSpanContext.spanId }),
  };
}

const metricLines = ({ scopeMetrics }: ResourceMetrics): readonly object[] =>
  scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap((metric): readonly object[] => {
      const { name, unit } = metric.descriptor;
      return metric.dataPointType === DataPointType.HISTOGRAM
        ? metric.dataPoints.map(({ attributes, value: { count, sum, min, max } }) => ({
            ...{ metric: name, unit, ...attributes },
            ...{ count, sum, min, max },
          }))
        : metric.dataPoints.map(({ attributes, value }) => ({ metric: name, unit, ...attributes, value }));
    });
