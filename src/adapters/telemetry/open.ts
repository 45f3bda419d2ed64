import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type Sampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { whereOf } from '../../handoff/errors.ts';
import type { Log } from '../../handoff/ports.ts';
import type { Telemetry } from '../../handoff/telemetry.ts';
import { measuresOf, measuresOfWork } from '../../telemetry/of-fact.ts';
import { cleanFields } from './clean.ts';
import { recorder } from './record.ts';
import { spans as makeSpans } from './spans.ts';

/** Where telemetry goes. */
export interface Exporters {
  readonly spans: SpanExporter;
  readonly metrics: PushMetricExporter;
  /** Left out, log lines go nowhere but where they went before. */
  readonly logs?: LogRecordExporter;
  /** Which traces are kept; all of them when left out. Metrics are always whole. */
  readonly sampler?: Sampler;
}

/** Telemetry that runs. */
export interface OpenTelemetry extends Telemetry {
  /** The same log, heard here too: a line leaves the house without ids and without anything that opens anything. */
  readonly hearing: (log: Log) => Log;
  /** Sends what has gathered; settles in any case. */
  readonly flush: () => Promise<void>;
  /** The same, and ends: whether or not anybody takes it. */
  readonly close: () => Promise<void>;
}

const EVERY_MS = 60_000;
/** Less than a process has between SIGTERM and its end. */
const PATIENCE_MS = 8_000;

/**
 * Opens telemetry over exporters. It registers nothing with the process and never throws into the house.
 *
 * @example
 * const telemetry = openTelemetry(azureMonitor({ connectionString, share: 0.1 }), { instance: 'web-1', version: '1.0.0' });
 * const middleware = reconnect({ adapter, bot, appId, stores, settings, pepper, telemetry, log: telemetry.hearing(log) });
 */
export function openTelemetry(
  to: Exporters,
  options: {
    /** Names this instance; nobody else's. */
    readonly instance: string;
    readonly version: string;
    readonly elapsed?: () => number;
    /** How long one export may take. */
    readonly patienceMs?: number;
  },
): OpenTelemetry {
  const resource = resourceFromAttributes({
    'service.name': 'reconnect',
    'service.version': options.version,
    'service.instance.id': options.instance,
  });
  const { patienceMs: exportTimeoutMillis = PATIENCE_MS } = options;
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        ...{ exporter: to.metrics, exportIntervalMillis: EVERY_MS, exportTimeoutMillis },
      }),
    ],
  });
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(to.spans, { exportTimeoutMillis })],
    ...(to.sampler && { sampler: to.sampler }),
  });
  const loggers =
    to.logs &&
    new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor(to.logs, { exportTimeoutMillis })],
    });
  const record = recorder(meters.getMeter('reconnect', options.version));
  const spans = makeSpans({
    tracer: tracers.getTracer('reconnect', options.version),
    elapsed: options.elapsed ?? (() => performance.now()),
    measured: (work, came, ms) => unharmed(() => record(measuresOfWork(work, came, ms))),
  });
  const logger = loggers?.getLogger('reconnect', options.version);
  const emit: Log = (event, fields = {}) =>
    logger?.emit({
      eventName: event,
      body: event,
      severityNumber: severityOf(event),
      attributes: cleanFields(fields),
      context: spans.here(),
    });
  /** A bug in what is measured must not become one of the house: a commit that stands is acknowledged in any case. */
  const unharmed = (run: () => void): void => {
    try {
      run();
    } catch (reason) {
      emit('telemetry.bug', { reason: whereOf(reason) });
    }
  };
  const all = [meters, tracers, ...(loggers === undefined ? [] : [loggers])];
  const each = async (run: (one: (typeof all)[number]) => Promise<unknown>): Promise<void> => {
    await Promise.allSettled(all.map(run));
  };

  return {
    tell: (fact) =>
      unharmed(() => {
        record(measuresOf(fact));
        if (fact.kind === 'changed') spans.about(fact.after.session.id);
      }),
    during: spans.during,
    hearing: (log) => (event, fields) => {
      log(event, fields);
      emit(event, fields);
    },
    flush: () => each((one) => one.forceFlush()),
    close: () => each((one) => one.shutdown()),
  };
}

const ERRORS = /\bbug$|^turn\.failed$|^store\.(?:failed|unreadable)$/u;
const WARNINGS = /failed$|\.un\w+$|gone$|lost$|kept$|again$|retry$|refused$/u;

function severityOf(event: string): SeverityNumber {
  if (ERRORS.test(event)) return SeverityNumber.ERROR;
  return WARNINGS.test(event) ? SeverityNumber.WARN : SeverityNumber.INFO;
}
