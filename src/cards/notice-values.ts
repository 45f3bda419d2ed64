import type { Notice } from '../session/ledger.ts';
import { called, customerCalled, momentText, placeText, type Values, type Wording } from './fill.ts';
import { oneLine } from './names.ts';
import { sizeText } from './size.ts';
import { durationText, openingText } from './time.ts';

/** What the values depend on besides the parameters. */
export interface ValuesReading {
  readonly audience: 'customer' | 'agent';
  readonly words: Wording;
  readonly now: number;
  readonly timeZone?: string;
  readonly customer?: string | undefined;
}

const MOMENT = /(?:Until|At|By)$|^until$/u;

/**
 * Makes a notice's parameters ready to be read: moments as adverbs, and as durations under `<name>.for`; durations,
 * places and names in words. What is empty, unreadable or already past is `undefined`.
 */
export function noticeValues(params: Notice['params'], reading: ValuesReading): Values {
  const { words, audience } = reading;
  const values: Record<string, string | undefined> = {
    agent: words.sentences[audience === 'customer' ? 'yourAgent' : 'someone'],
    colleague: words.sentences.someone,
    customer: customerCalled(reading.customer, words),
  };
  // Where a notice names our own zone, we mean our own clocks, wherever it is read.
  const there = typeof params['timeZone'] === 'string' ? params['timeZone'] : undefined;
  for (const [name, value] of Object.entries(params))
    Object.assign(values, valueOf(name, value, reading, there));
  return values;
}

function valueOf(
  name: string,
  value: unknown,
  { words, now, timeZone }: ValuesReading,
  there: string | undefined,
): Values {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return {};
    if (name === 'place') return { place: placeText(value, words) };
    if (name.endsWith('Bytes')) return { [name]: sizeText(value, words.language) };
    if (name.endsWith('Ms')) return value < 1000 ? {} : { [name]: durationText(value, words.language) };
    if (!MOMENT.test(name)) return { [name]: new Intl.NumberFormat(words.language).format(value) };
    if (value <= now || value > LAST_MOMENT) return {};
    const at =
      there === undefined
        ? momentText(value, words, { now, ...(timeZone === undefined ? {} : { timeZone }) })
        : openingText(value, now, words.language, there);
    return { [name]: at, [`${name}.for`]: durationText(value - now, words.language) };
  }
  // A shortened address would lead nowhere.
  if (name === 'url' && typeof value === 'string') return { url: value };
  const text = typeof value === 'string' ? oneLine(value, 200) : '';
  if (text === '') return {};
  const isAgent = name === 'agent' || name === 'from' || name === 'colleague';
  return { [name]: isAgent ? called(text, text) : text };
}

/** The last moment a `Date` can hold. */
const LAST_MOMENT = 8.64e15;
