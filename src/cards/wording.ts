import type { Notice } from '../session/ledger.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Status } from '../session/session.ts';
import { called, fill, isKey, placeText, type Reading, type Wording } from './fill.ts';
import { noticeValues } from './notice-values.ts';
import { ar } from './wording.ar.ts';
import { en, type Key, type Sentences } from './wording.en.ts';

export type { Wording } from './fill.ts';

/** Who reads a sentence. */
export type Audience = 'customer' | 'agent';

const LANGUAGES: Readonly<
  Record<string, { readonly sentences: Sentences; readonly direction: 'ltr' | 'rtl' }>
> = {
  en: { sentences: en, direction: 'ltr' },
  ar: { sentences: ar, direction: 'rtl' },
};

/** Sentences of a widget's own, by the keys of `wording.en.ts`. */
export type Overrides = Partial<Sentences>;

/**
 * Gives every sentence people read in a language (BCP 47, `en`, `ar-EG`); a language we do not have is answered in
 * English. Overrides replace single sentences; unknown keys and empty sentences in them change nothing.
 */
export function words(language: string, overrides: Overrides = {}): Wording {
  const [, tag = '', base = ''] =
    /^(([a-z]{2,3})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?)(?:-|$)/iu.exec(language) ?? [];
  const known = LANGUAGES[base.toLowerCase()];
  const own = Object.entries(overrides).filter(([key, text]) => Object.hasOwn(en, key) && text.trim() !== '');
  return {
    language: known === undefined ? 'en' : tag,
    direction: known?.direction ?? 'ltr',
    sentences: { ...(known?.sentences ?? en), ...Object.fromEntries(own) },
  };
}

/** Where, when and about whom a notice is read. */
export interface NoticeReading extends Reading {
  readonly audience: Audience;
  readonly words: Wording;
  /** The customer's name, for agents. */
  readonly customer?: string | undefined;
}

/**
 * Says a notice to one audience: its sentence, in the variant its parameters choose, and what they add. A moment that
 * has passed by `now`, and a parameter that is not there, add nothing.
 */
export function noticeText(notice: Pick<Notice, 'code' | 'params'>, reading: NoticeReading): string {
  const { audience, words } = reading;
  const base: Key = `${audience}.${notice.code}`;
  const values = noticeValues(notice.params, reading);
  const given = Object.keys(notice.params).filter((name) => values[name] !== undefined);
  const variants = given.flatMap((name) => {
    if (CHOOSE_BY_VALUE.has(name)) return [`${base}.${String(notice.params[name])}`];
    return CHOOSE_BY_PRESENCE.has(name) ? [`${base}.${name}`] : [];
  });
  const chosen = variants.find((key) => isKey(words, key)) ?? base;
  const added = given.map((name) => {
    const exactly = `${base}+${name}.${String(notice.params[name])}`;
    if (isKey(words, exactly)) return exactly;
    // "Until" takes a moment by our own clocks; where none are named, a moment is an adverb ("in 24 hours").
    const distance = `${base}+${name}.for`;
    return notice.params['timeZone'] === undefined && isKey(words, distance) ? distance : `${base}+${name}`;
  });
  const said = [chosen, ...added];
  return said.flatMap((key) => (isKey(words, key) ? [fill(words, key, values)] : [])).join(' ');
}

const CHOOSE_BY_VALUE = new Set(['by', 'why', 'cause', 'way', 'count']);
const CHOOSE_BY_PRESENCE = new Set(['opensAt', 'place', 'endsAt', 'name']);

/** Says a no to the person who asked. */
export function refusalText(refusal: Refusal, words: Wording, audience: Audience): string {
  const base: Key = `refused.${audience}.${refusal.kind}`;
  const variant = 'status' in refusal ? `${base}.${refusal.status}` : base;
  const by = refusal.kind === 'taken' ? refusal.by : refusal.kind === 'agentAway' ? refusal.agent : undefined;
  return fill(words, isKey(words, variant) ? variant : base, {
    agent: called(by?.name, words.sentences.someone),
  });
}

/** Says where a session stands, in two to five words. */
export function statusText(
  status: Status,
  words: Wording,
  about: {
    readonly audience: Audience;
    readonly agent?: string | undefined;
    readonly place?: number | undefined;
  },
): string {
  const base: Key = `status.${about.audience}.${status}`;
  const variant = `${base}.place`;
  const agent = called(about.agent, words.sentences[about.audience === 'customer' ? 'yourAgent' : 'someone']);
  if (about.place === undefined || !isKey(words, variant)) return fill(words, base, { agent });
  return fill(words, variant, { agent, place: placeText(about.place, words) });
}

/**
 * Says what went wrong with a call of a page, by the code of its answer (`bad_input`, `not_found`, `too_many`,
 * `store_unavailable`, …); a code we do not know gets the general sentence.
 */
export function failureText(code: string, words: Wording): string {
  const key = `failed.${code}`;
  return fill(words, isKey(words, key) ? key : 'failed');
}
