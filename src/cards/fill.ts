import { firstName, oneLine } from './names.ts';
import { clockText, distanceText, durationInTwo, durationText } from './time.ts';
import type { Key } from './wording.en.ts';

/** The sentences of one language, or some of them, with what Intl needs to fill them. */
export interface Wording<K extends Key = Key> {
  /** BCP 47; numbers, durations and times are said in it. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly sentences: Readonly<Record<K, string>>;
}

/** When and where a sentence is read. */
export interface Reading {
  readonly now: number;
  /** IANA name of the reader's zone; without it moments are told as distances ("in 3 hours"). */
  readonly timeZone?: string;
}

/** What goes into a sentence, ready to be read. */
export type Values = Readonly<Record<string, string | undefined>>;

/** Fills a sentence. What is not given stays empty; given text is isolated where its direction differs. */
export function fill<K extends Key>(words: Wording<K>, key: NoInfer<K>, values: Values = {}): string {
  const sentence: string = words.sentences[key];
  const filled = sentence.replace(/\{([\w.]+)\}/gu, (_, name: string) =>
    isolated(values[name] ?? '', words.direction),
  );
  const tidy = filled.replace(/ {2,}/gu, ' ').trim();
  return sentence.startsWith('{') ? startsLarge(tidy, words.language) : tidy;
}

/** Whether a language has this key: variants and additions are optional. */
export const isKey = <K extends Key>(words: Wording<K>, key: string): key is K =>
  Object.hasOwn(words.sentences, key);

/** An agent's name in a sentence: the first name, or `fallback` when there is none. */
export function called(name: string | undefined, fallback: string): string {
  const first = firstName(name ?? '');
  return first === '' ? fallback : first;
}

/** A customer's name in a sentence, as known; "the customer" otherwise. */
export const customerCalled = (name: string | undefined, words: Wording): string => {
  const shown = oneLine(name ?? '', 60);
  return shown === '' ? words.sentences.theCustomer : shown;
};

/** What places in line are counted with. */
export type OrdinalKey = Extract<Key, `ordinal.${string}`>;

/** A place in line: "3rd". */
export function placeText(place: number, words: Wording<OrdinalKey>): string {
  const rule = new Intl.PluralRules(words.language, { type: 'ordinal' }).select(place);
  const key = `ordinal.${rule}`;
  const number = new Intl.NumberFormat(words.language).format(place);
  return fill(words, isKey(words, key) ? key : 'ordinal.other', { number });
}

/** A moment as an adverb: "at 14:30" where the zone is known, "in 3 hours" otherwise. */
export function momentText(moment: number, words: Wording, { now, timeZone }: Reading): string {
  if (timeZone === undefined) return distanceText(moment, now, words.language);
  const time = clockText(moment, now, words.language, timeZone);
  return fill(words, 'moment.at', { time });
}

/** What is left of a promise: "7 more minutes". */
export function moreText(ms: number, words: Wording): string {
  const two = durationInTwo(ms, words.language);
  const values = { ...two, duration: durationText(ms, words.language) };
  return fill(words, two === undefined ? 'more.whole' : 'more', values);
}

const RTL_LETTER = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LTR_LETTER = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;

// A name of the other direction would otherwise pull neighbouring digits and brackets to its side.
function isolated(text: string, direction: 'ltr' | 'rtl'): string {
  const foreign = direction === 'ltr' ? RTL_LETTER : LTR_LETTER;
  return foreign.test(text) ? `\u2068${text}\u2069` : text;
}

const startsLarge = (text: string, language: string): string => {
  const [first = ''] = text;
  return first.toLocaleUpperCase(language) + text.slice(first.length);
};
