import type { Measure } from './measure.ts';

/** The house of whom this is reckoned, and what it runs on. */
export const HOUSE = {
  chatsADay: 1_000_000,
  agents: 10_000,
  /** Messages of a chat, from both sides. */
  messages: 30,
  /** Of a day's chats so much begins in its busiest hour. */
  busiest: 0.1,
  /** Chats an agent has at a time. */
  each: 5,
  /** Of an open chat's customers so many are away for a while, or wait. */
  openPerActive: 2,
  /** An instance has two cores, kept half busy. */
  cpuMsPerSecond: 1_000,
  /** Days for which what was said is kept. */
  keptDays: 30,
  /** What a partition of the service carries and holds, by its documentation. */
  unitsOfPartition: 10_000,
  bytesOfPartition: 50e9,
  /** Leases over which deadlines are spread. */
  shards: 16,
  /** Documents that a message leaves in the change feed: header, entry, dedupe. */
  fedDocuments: 3,
} as const;

/** In words, beside the figures. */
export const ASSUMED =
  `${HOUSE.chatsADay.toLocaleString('en')} chats a day of ${HOUSE.messages} messages, a tenth of them in the busiest hour; ` +
  `${HOUSE.agents.toLocaleString('en')} agents with ${HOUSE.each} chats each, as many customers again away or waiting; ` +
  `instances of two cores kept half busy; words kept ${HOUSE.keptDays} days; partitions of ` +
  `${HOUSE.unitsOfPartition.toLocaleString('en')} RU/s and ${HOUSE.bytesOfPartition / 1e9} GB; ` +
  'agents’ messages as dear as customers’; US list prices, serverless, storage apart.';

const SECONDS = 3_600;
const BEAT_S = 90;

/**
 * The same product at a million chats a day with ten thousand agents: partitions, request units, instances, what deadlines
 * and the change feed amount to in the busiest hour. Reckoned from what this very run measured; nothing where a figure is missing.
 */
export function scaleOf(measures: readonly Measure[], house: typeof HOUSE = HOUSE): readonly Measure[] {
  const figures = NEEDED.map((name) => measures.find((one) => one.name === name)?.ours);
  if (figures.includes(undefined)) return [];
  const of = (name: (typeof NEEDED)[number]): number => figures[NEEDED.indexOf(name)] ?? 0;

  const chats = (house.chatsADay * house.busiest) / SECONDS;
  const messages = chats * house.messages;
  const active = house.agents * house.each;
  const open = active * house.openPerActive;
  const instances = Math.ceil((messages * of('cpu-per-turn')) / house.cpuMsPerSecond);
  const beforeAnswer = messages * of('request-units-per-message');
  const afterAnswer = messages * of('request-units-deferred-per-message');
  const around = chats * of('request-units-to-open-and-end');
  const news = messages * of('news-units-per-message-1') * instances;
  const polls = instances * of('store-poll-units-per-second-idle');
  // A beat is one small write.
  const beats = (open / BEAT_S) * of('idle-customer-writes-per-90s') * UNITS_OF_WRITE;
  const units = beforeAnswer + afterAnswer + around + news + polls + beats;
  const chatBytes = of('stored-bytes-per-chat') + house.messages * of('stored-bytes-per-message');
  const bytes = house.chatsADay * house.keptDays * chatBytes;
  // What an idle customer has written beside the beat itself is a deadline put off.
  const putOff = (open / BEAT_S) * Math.max(0, of('idle-customer-writes-per-90s') - 1);
  const deadlines = chats * of('deadline-requests-per-chat') + putOff;

  return [
    figure('paper-messages-per-second', 'messages/s', messages),
    figure('paper-chat-minutes', 'min', active / chats / 60),
    figure('paper-instances', 'instances', instances),
    figure('paper-memory-per-instance', 'MB', ((open / instances) * of('memory-per-session')) / 2 ** 20),
    figure('paper-units-per-second', 'RU/s', units),
    figure('paper-units-before-answers', 'RU/s', beforeAnswer),
    figure('paper-units-after-answers', 'RU/s', afterAnswer),
    figure('paper-units-to-open-and-end', 'RU/s', around),
    figure('paper-units-of-news', 'RU/s', news),
    figure('paper-units-of-polls-and-beats', 'RU/s', polls + beats),
    figure('paper-stored', 'TB', bytes / 1e12),
    figure(
      'paper-partitions',
      'partitions',
      Math.ceil(Math.max(units / house.unitsOfPartition, bytes / house.bytesOfPartition)),
    ),
    // Every message's row stands in its agent's list and in its stream's list of the day: half of it falls to that one.
    figure('paper-busiest-key-of-one-stream', 'of a partition', afterAnswer / 2 / house.unitsOfPartition),
    figure(
      'paper-busiest-customer',
      'of a partition',
      of('request-units-per-message') / house.unitsOfPartition,
    ),
    figure('paper-deadline-writes-per-shard', 'requests/s', deadlines / house.shards),
    figure('paper-feed-documents-per-instance', 'documents/s', messages * house.fedDocuments),
  ];
}

const NEEDED = [
  'cpu-per-turn',
  'request-units-per-message',
  'request-units-deferred-per-message',
  'request-units-to-open-and-end',
  'news-units-per-message-1',
  'store-poll-units-per-second-idle',
  'idle-customer-writes-per-90s',
  'stored-bytes-per-chat',
  'stored-bytes-per-message',
  'deadline-requests-per-chat',
  'memory-per-session',
] as const;

/** Of 1 KB without further index entries, as published. */
const UNITS_OF_WRITE = 5;

const figure = (name: string, unit: string, ours: number): Measure => ({
  ...{ name, unit, ours, spread: [ours, ours] },
});
