import { en } from './wording.en.ts';
import type { Overrides } from './wording.ts';

/** A widget's own sentences by language (BCP 47) and by the keys of `wording.en.ts`, as its settings give them. */
export type OwnWording = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One that cannot be said: where it stands, language first, and the rule it breaks. */
export interface OverrideFault {
  readonly at: readonly string[];
  readonly rule: string;
}

/**
 * Finds what is wrong with a widget's own sentences: languages that are none, keys we do not have, sentences that say
 * nothing, and slots that the English sentence does not fill. A slot may be left out.
 */
export function overrideFaults(wording: OwnWording): readonly OverrideFault[] {
  return Object.entries(wording).flatMap(([language, sentences]) => {
    if (!isLanguage(language))
      return [{ at: [language], rule: 'is no language; write one such as en or ar-EG' }];
    return Object.entries(sentences).flatMap(([key, sentence]) =>
      rulesBroken(key, sentence).map((rule) => ({ at: [language, key], rule })),
    );
  });
}

/** The sentences that hold for a language: those of `ar-EG` go over those of `ar`. */
export function overridesFor(language: string, wording: OwnWording = {}): Overrides {
  const tag = language.toLowerCase();
  const holds = Object.entries(wording)
    .filter(([own]) => tag === own.toLowerCase() || tag.startsWith(`${own.toLowerCase()}-`))
    .toSorted(([a], [b]) => a.length - b.length);
  return Object.fromEntries(holds.flatMap(([, sentences]) => Object.entries(sentences)));
}

function rulesBroken(key: string, sentence: string): readonly string[] {
  if (!isSentence(key)) return ['there is no such sentence'];
  if (sentence.trim() === '') return ['must say something'];
  const known = slotsOf(en[key]);
  const strange = slotsOf(sentence).filter((slot) => !known.includes(slot));
  const allowed = known.length === 0 ? 'it has none' : `it has ${known.join(' ')}`;
  return strange.length === 0 ? [] : [`has no slot ${strange.join(' ')}; ${allowed}`];
}

const isSentence = (key: string): key is keyof typeof en => Object.hasOwn(en, key);

/** Every slot once, as written; a brace that opens or closes none counts as one, for it would be read by people. */
const slotsOf = (sentence: string): readonly string[] => [...new Set(sentence.match(/\{[^{}]*\}|[{}]/gu))];

function isLanguage(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
