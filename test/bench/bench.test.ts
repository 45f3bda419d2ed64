import { expect, test } from 'vitest';
import { costOf } from './cost.ts';
import { requestsOf } from './relay.ts';
import { jsonOf, tableOf } from './table.ts';

const counted = await requestsOf(2);
const ours = (name: string) => counted.find((one) => one.name === name);

test('who writes to an agent costs one store request before it is acknowledged, six as the framework does it', () => {
  expect(ours('store-requests-per-message')).toMatchObject({ ours: 1, framework: 6, floor: 1 });
});

test('a bot that stands beside our middleware asks the store nothing for a turn that is not ours', () => {
  expect(ours('store-requests-per-turn-not-ours')?.ours).toBe(0);
});

test('who reads the table sees what was to be kept to, and whether it was', () => {
  const measured = (most: number) => [{ name: 'm', unit: 'ms', ours: 2, most, spread: [1, 3] as const }];
  expect(tableOf(measured(2))).toMatch(/^m +ms +2\.00 .*met$/mu);
  expect(tableOf(measured(1))).toMatch(/ missed$/mu);
  expect(JSON.parse(jsonOf(measured(1)))).toEqual({
    measures: [{ name: 'm', unit: 'ms', ours: 2, target: 1, met: false, spread: [1, 3] }],
  });
});

test('the cost of a chat is worked out from what its messages were measured to ask', () => {
  const measured = (name: string, value: number) => ({
    name,
    unit: 'RU',
    ours: value,
    spread: [value, value] as const,
  });
  const derived = costOf([
    measured('request-units-per-message', 15),
    measured('request-units-deferred-per-message', 25),
  ]);
  expect(derived.map(({ name, ours }) => [name, ours])).toEqual([
    ['units-per-message', 40],
    ['units-per-chat', 1_200],
    ['cost-per-1000-agent-hours', 9],
  ]);
});
