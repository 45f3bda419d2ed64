import type { Measure } from './measure.ts';

/** Serverless, in US regions, per million request units: the service's price list of 2026. Storage comes on top. */
const DOLLARS_PER_MILLION = 0.25;
/** Of a chat, from both sides. */
const MESSAGES = 30;
/** Chats an agent has at a time, and messages a minute in each. */
const CHATS = 5;
const A_MINUTE = 1;
const HOURS = 1_000;

/**
 * What a message, a chat and a thousand hours of agents come to, worked out from what a relayed message was measured to ask
 * before its acknowledgement and after it, and a chat at its begin and end; nothing where those were not measured.
 */
export function costOf(measures: readonly Measure[]): readonly Measure[] {
  const ours = (name: string): number | undefined => measures.find((one) => one.name === name)?.ours;
  const before = ours('request-units-per-message');
  const after = ours('request-units-deferred-per-message');
  const around = ours('request-units-to-open-and-end');
  if (before === undefined || after === undefined || around === undefined) return [];
  const message = before + after;
  const chat = around + message * MESSAGES;
  const chats = (HOURS * 60 * CHATS * A_MINUTE) / MESSAGES;
  const derived = (name: string, unit: string, value: number): Measure => ({
    ...{ name, unit, ours: value, spread: [value, value] },
  });
  return [
    derived('units-per-message', 'RU', message),
    derived('units-per-chat', 'RU', chat),
    derived('cost-per-1000-agent-hours', 'USD', (chat * chats * DOLLARS_PER_MILLION) / 1_000_000),
  ];
}
