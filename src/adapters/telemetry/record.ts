import type { Attributes, Meter } from '@opentelemetry/api';
import { MEASURES, type Measure, type MeasureName, type Sample } from '../../telemetry/measures.ts';

/** Makes an instrument for every measure, and the function that records samples on them. */
export function recorder(meter: Meter): (samples: readonly Sample[]) => void {
  const instruments = new Map(
    Object.entries<Measure>(MEASURES).map(([name, measure]) => [name, instrument(meter, name, measure)]),
  );
  return (samples) => {
    for (const { name, value, by } of samples) instruments.get(name satisfies MeasureName)?.(value, by);
  };
}

function instrument(
  meter: Meter,
  name: string,
  { kind, unit, says: description }: Measure,
): (value: number, by: Attributes) => void {
  const about = { unit, description };
  switch (kind) {
    case 'count': {
      const counter = meter.createCounter(name, about);
      return (value, by) => counter.add(value, by);
    }
    case 'spread': {
      const histogram = meter.createHistogram(name, about);
      return (value, by) => histogram.record(value, by);
    }
    case 'level': {
      const gauge = meter.createGauge(name, about);
      return (value, by) => gauge.record(value, by);
    }
  }
}
