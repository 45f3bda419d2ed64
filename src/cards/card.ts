import type { Wording } from './fill.ts';
import { oneLine, withoutControls, shorten } from './names.ts';
import { isoSecond } from './time.ts';

/** A piece of Adaptive Card JSON. */
export type Element = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * Makes foreign text harmless inside a card's Markdown: specials lose their meaning, `<at>` mentions and addresses are
 * not recognised, `{{DATE(…)}}` is not computed, direction overrides are gone. One line, at most `most` characters.
 */
export const escapeForCard = (text: string, most = 200): string =>
  unlinked(uncomputed(oneLine(text, most)))
    .replace(/[\\`*_[\]<>~|#&!]/gu, '\\$&')
    .replace(/^[-+=]|^\d+(?=[.)])/u, (start) => (/^\d/u.test(start) ? `${start}\u2060` : `\\${start}`));

/** A line of our own, Markdown; foreign text in it must have gone through `escapeForCard`. */
export const textBlock = (text: string, look: Readonly<Record<string, unknown>> = {}): Element => ({
  type: 'TextBlock',
  text,
  wrap: true,
  ...look,
});

/** Our own words in a line of runs, spaces included. */
export const labelRun = (text: string, look: Readonly<Record<string, unknown>> = {}): Element => ({
  type: 'TextRun',
  text,
  ...look,
});

/** Foreign text as it was written: a text run knows no Markdown, so nothing in it needs a backslash. */
export const textRun = (
  text: string,
  most: number,
  look: Readonly<Record<string, unknown>> = {},
): Element => ({
  type: 'TextRun',
  text: uncomputed(oneLine(text, most)),
  ...look,
});

/** Text runs on one line. */
export const richText = (
  inlines: readonly Element[],
  look: Readonly<Record<string, unknown>> = {},
): Element => ({
  type: 'RichTextBlock',
  inlines,
  ...look,
});

/** Says that coming back is only tried out here. */
export const previewLabel = (words: Wording): Element =>
  textBlock(words.sentences['card.preview'], { size: 'Small', weight: 'Bolder', color: 'Accent' });

/** A field for words. */
export const textInput = (
  id: string,
  label: string,
  look: Readonly<Record<string, unknown>> = {},
): Element => ({ type: 'Input.Text', id, label, ...look });

/** One of several words; what is chosen is sent as it is read, or as its own value. */
export const choices = (
  id: string,
  label: string,
  among: readonly (string | Choice)[],
  chosen?: string,
): Element => ({
  type: 'Input.ChoiceSet',
  id,
  label,
  style: 'compact',
  choices: among.map((one) => (typeof one === 'string' ? { title: one, value: one } : one)),
  ...(chosen === undefined ? {} : { value: chosen }),
});
/** What is read, and what is sent. */
export interface Choice {
  readonly title: string;
  readonly value: string;
}

/** A day, as `YYYY-MM-DD`. */
export const dateInput = (id: string, label: string): Element => ({ type: 'Input.Date', id, label });

/** A time of day, as `HH:mm`. */
export const timeInput = (id: string, label: string): Element => ({ type: 'Input.Time', id, label });

/** The lines of a text, without control characters; at most `most` characters and 30 lines. */
export function linesOf(text: string, most: number): readonly string[] {
  const all = shorten(text, most).split(/\r\n|[\n\r\u2028\u2029]/u);
  const lines = all.map((line) => withoutControls(line).trim()).filter((line) => line !== '');
  return lines.length > 30 ? [...lines.slice(0, 29), '…'] : lines;
}

/** A moment which the reader's own client writes in their zone: the time of day, with the date when it is half a day off. */
export function momentInCard(moment: number, now: number): string {
  const iso = isoSecond(moment);
  if (iso === undefined) return '';
  const time = `{{TIME(${iso})}}`;
  return Math.abs(moment - now) < 12 * 3_600_000 ? time : `{{DATE(${iso}, SHORT)}} ${time}`;
}

/** A whole card. Teams reads 1.5, Web Chat 1.6. */
export const adaptiveCard = (
  version: '1.5' | '1.6',
  words: Wording,
  content: {
    readonly body: readonly Element[];
    readonly actions?: readonly Element[];
    readonly fallbackText: string;
    readonly speak?: string;
  },
): Element => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version,
  // Clients take the bare language only (`ar`, not `ar-EG`).
  lang: new Intl.Locale(words.language).language,
  ...(words.direction === 'rtl' ? { rtl: true } : {}),
  ...content,
});

// An invisible break keeps clients from computing a date function, or making a link or a mail address of it.
export const uncomputed = (text: string): string => text.replace(/\{(?=\{)/gu, '{\u200b');
const unlinked = (text: string): string =>
  text.replace(/[.@](?=[\p{L}\p{N}])/gu, '$&\u200b').replace(/(?<=\p{L}):(?=\S)/gu, ':\u200b');
