import type { Measure } from './measure.ts';

/** Serverless, in US regions, per million request units: the service's price list of 2026. Storage comes on top. */
const DOLLARS_PER_MILLION = 0.25;
/** Of a chat. */
const MESSAGES = 30;
/** Chats an agent has at a time, and messages a minute in each, from both sides. */
const CHATS = 5;
const A_MINUTE = 3;
const HOURS = 1_000;

/**
 * What a message, a chat and a thousand hours of agents come to, worked out from what a relayed message was measured to ask
 * before its acknowledgement and after it; nothing where those were not measured.
 */
export function costOf(measures: readonly Measure[]): readonly Measure[] {
  const ours = (name: string): number | undefined => measures.find((one) => one.name === name)?.ours;
  const before = ours('request-units-per-message');
  const after = ours('request-units-deferred-per-message');
  if (before === undefined || after === undefined) return [];
  const message = before + after;
  const messages = HOURS * 60 * CHATS * A_MINUTE;
  const derived = (name: string, unit: string, value: number): Measure => ({
    ...{ name, unit, ours: value, spread: [value, value] },
  });
  return [
    derived('units-per-message', 'RU', message),
    derived('units-per-chat', 'RU', message * MESSAGES),
    derived('cost-per-1000-agent-hours', 'USD', (message * messages * DOLLARS_PER_MILLION) / 1_000_000),
  ];
}
