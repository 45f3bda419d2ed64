import type { Key } from '../cards/wording.en.ts';
import { MAX_TEXT } from './desk-act.ts';
import { nextMomentIn, momentIn } from './wall-clock.ts';

/** What was filled in on a card, by the desk's fields; or what is wrong with it, as a sentence to be said. */
export type CardInput =
  | { readonly fields: Readonly<Record<string, unknown>>; readonly draft?: string }
  | { readonly fault: Extract<Key, `press.${string}`>; readonly draft?: string };

/**
 * Reads the inputs of a card for one act: `<act>.<field>` is the act's own, a name without a point is everybody's.
 * Words chosen and words written become one reason, a day and a time in the presser's zone become one moment.
 */
export function readCardInput(
  act: string,
  given: Readonly<Record<string, unknown>>,
  { timeZone, now }: { readonly timeZone: string | undefined; readonly now: number },
): CardInput {
  const fields = ownFields(act, given);
  const text = wordsIn(fields['text']);
  const draft = text === '' ? {} : { draft: text.slice(0, MAX_TEXT) };
  if (act === 'message' || act === 'comment') {
    if (text === '') return { fault: 'press.text.empty' };
    return text.length > MAX_TEXT ? { fault: 'press.text.long', ...draft } : { fields, ...draft };
  }
  // What stands in the reply box is for its own buttons to send.
  const { other, day, time, text: _, ...rest } = fields;
  const own = wordsIn(other);
  const reasoned = own === '' ? rest : { ...rest, reason: own };
  const backBy = backByIn(wordsIn(day), wordsIn(time), timeZone, now);
  if (backBy === undefined) return { fields: reasoned, ...draft };
  return typeof backBy === 'number'
    ? { fields: { ...reasoned, backBy }, ...draft }
    : { fault: backBy, ...draft };
}

function ownFields(act: string, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = Object.entries(given).flatMap(([name, value]) => {
    if (!name.includes('.')) return [[name, value] as const];
    return name.startsWith(`${act}.`) ? [[name.slice(act.length + 1), value] as const] : [];
  });
  return Object.fromEntries(own);
}

const wordsIn = (given: unknown): string => (typeof given === 'string' ? given.trim() : '');

/** A time without a day is the next one; a day without a time is the start of a working day, as the tab has it. */
function backByIn(
  day: string,
  time: string,
  timeZone: string | undefined,
  now: number,
): number | undefined | Extract<Key, `press.backBy.${string}`> {
  if (day === '' && time === '') return undefined;
  if (timeZone === undefined) return 'press.backBy.zone';
  const at =
    day === '' ? nextMomentIn(timeZone, time, now) : momentIn(timeZone, day, time === '' ? '09:00' : time);
  return at ?? 'press.backBy.unreadable';
}
