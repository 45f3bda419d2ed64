import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTelemetry, type Exporters } from '../../src/adapters/telemetry/open.ts';
import type { Change } from '../../src/handoff/telemetry.ts';
import { openTown, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, talking } from '../handoff/people.ts';
import { ear } from './ear.ts';

let town: Town;
let house: TestHouse;

/** Whoever takes telemetry takes it and says nothing, or breaks. */
const nobody = (take: () => void): Exporters => ({
  spans: { export: take, shutdown: () => Promise.resolve() },
  metrics: {
    export: take,
    selectAggregationTemporality: () => AggregationTemporality.DELTA,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  },
  logs: { export: take, shutdown: () => Promise.resolve(), forceFlush: () => Promise.resolve() },
});
const broken = (): never => {
  throw new Error('The line is dead');
};

beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

test.each([
  ['is silent', (): void => undefined],
  ['breaks', broken],
])('people talk, and the house ends, where telemetry’s other end %s', async (_, take) => {
  const telemetry = openTelemetry(nobody(take), { instance: 'here', version: 'test', patienceMs: 50 });
  house = await town.open({ telemetry });
  const anna = await new Agent(town, 'Anna Bell').signsIn(house, 50);
  const mia = await talking(town, house, anna);
  await anna.says(house, (await mia.session()).id, 'Hello');
  expect(await mia.ledger()).toContain('agent: Hello');
  await telemetry.flush();
  await house.stop();
});

test('what cannot be measured is a line in the log, and no harm to whoever told it', async () => {
  const heard = ear();
  const odd = { before: undefined, after: {}, entries: undefined, events: [] } as unknown as Change;
  expect(() => heard.telemetry.tell({ kind: 'changed', ...odd })).not.toThrow();
  expect((await heard.lines()).map(({ body }) => body)).toEqual(['telemetry.bug']);
});
