import { expect, test } from 'vitest';
import { costOf } from './cost.ts';
import { requestsOf } from './relay.ts';
import { scaleOf } from './scale.ts';
import { jsonOf, tableOf } from './table.ts';

const counted = await requestsOf(2);
const ours = (name: string) => counted.find((one) => one.name === name);

test('who writes to an agent costs one store request before it is acknowledged, six as the framework does it', () => {
  expect(ours('store-requests-per-message')).toMatchObject({ ours: 1, framework: 6, floor: 1 });
});

test('who writes to the bot costs one store request', () => {
  expect(ours('store-requests-per-bot-turn')?.ours).toBe(1);
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

const measured = (name: string, value: number) => ({
  name,
  unit: 'RU',
  ours: value,
  spread: [value, value] as const,
});

test('the cost of a chat is worked out from what its messages were measured to ask', () => {
  const derived = costOf([
    measured('request-units-per-message', 15),
    measured('request-units-deferred-per-message', 25),
    measured('request-units-to-open-and-end', 300),
  ]);
  expect(derived.map(({ name, ours }) => [name, ours])).toEqual([
    ['units-per-message', 40],
    ['units-per-chat', 1_500],
    ['cost-per-1000-agent-hours', 3.75],
  ]);
});

const PAPER: Readonly<Record<string, number>> = {
  ...{ 'cpu-per-turn': 2.4, 'request-units-per-message': 15, 'request-units-deferred-per-message': 6 },
  ...{ 'request-units-to-open-and-end': 360, 'news-units-per-message-1': 3, 'memory-per-session': 1_024 },
  ...{ 'store-poll-units-per-second-idle': 10, 'idle-customer-writes-per-90s': 1 },
  ...{ 'stored-bytes-per-chat': 10_000, 'stored-bytes-per-message': 1_000, 'deadline-requests-per-chat': 3 },
};

test('a house of a million chats a day is reckoned from what a small one was measured to need', () => {
  const paper = scaleOf(Object.entries(PAPER).map(([name, value]) => measured(name, value)));
  const told = (name: string) => paper.find((one) => one.name === `paper-${name}`)?.ours;
  // 100,000 chats in the busiest hour, 30 messages each.
  expect(told('messages-per-second')).toBeCloseTo(833.3, 1);
  // 2 s of processor time a second, an instance giving one.
  expect(told('instances')).toBe(2);
  expect(told('units-before-answers')).toBeCloseTo(12_500);
  expect(told('units-to-open-and-end')).toBeCloseTo(10_000);
  expect(told('units-of-news')).toBeCloseTo(5_000);
  // 40 KB a chat for thirty days.
  expect(told('stored')).toBeCloseTo(1.2);
  expect(told('partitions')).toBe(24);
  expect(told('busiest-key-of-one-stream')).toBeCloseTo(0.25);
});

test('whoever measured a part of it is told nothing about such a house', () => {
  expect(scaleOf([measured('cpu-per-turn', 2)])).toEqual([]);
});
