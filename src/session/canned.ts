/** Something an agent says often. */
export interface CannedResponse {
  /** Unique among all that an agent can say in a session. */
  readonly id: string;
  readonly title: string;
  /** What is typed after `/` to find it. */
  readonly shortcut: string;
  /** Markdown with placeholders, which are filled where it is used. */
  readonly text: string;
  /** BCP 47; absent: for customers of any language. */
  readonly language?: string;
}

/** One as somebody writes it down. */
export type CannedDraft = Omit<CannedResponse, 'id'>;

/** What stands for something else in a canned response. The link is given in the same act, above the words. */
export const PLACEHOLDERS = ['customer', 'agent', 'company', 'reference', 'reconnectLink'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What is wrong with one field of a draft, and the rule it breaks. */
export interface CannedFault {
  readonly field: keyof CannedDraft;
  readonly rule: string;
}

export const MAX_TITLE = 60;
export const MAX_CANNED_TEXT = 8_000;
const SHORTCUT = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,29}$/u;
/** Words with a slash that the composer has for itself. */
const TAKEN: ReadonlySet<string> = new Set(['link']);
/** A word in braces; other braces are just text. */
const SLOT = /\{([A-Za-z][\w.]*)\}/gu;

/** Finds everything that is wrong with a draft, in the order of its fields. */
export function cannedFaults({ title, shortcut, text, language }: CannedDraft): readonly CannedFault[] {
  const faults: CannedFault[] = [];
  const add = (field: CannedFault['field'], rule: string) => faults.push({ field, rule });
  if (title.trim() === '' || title.length > MAX_TITLE) add('title', `must be 1 to ${MAX_TITLE} characters`);
  if (!SHORTCUT.test(shortcut))
    add('shortcut', 'must be 1 to 30 letters, digits or -, a letter or digit first');
  else if (TAKEN.has(shortcut.toLowerCase())) add('shortcut', `/${shortcut} sends a reconnect link`);
  if (text.trim() === '' || text.length > MAX_CANNED_TEXT)
    add('text', `must be 1 to ${MAX_CANNED_TEXT} characters`);
  const slots = [...text.matchAll(SLOT)].filter(([, name = '']) => !isKnown(name)).map(([slot]) => slot);
  if (slots.length > 0)
    add(
      'text',
      `has no placeholder ${[...new Set(slots)].join(', ')}; there are ${PLACEHOLDERS.map((one) => `{${one}}`).join(', ')}`,
    );
  if (language !== undefined && !isLanguage(language))
    add('language', 'must be a language such as en or ar-EG');
  return faults;
}

/**
 * Fills a canned response. What is not known is left out with the space or comma before it, so that nobody reads a brace; what is
 * filled in is escaped, so that a name is never taken for Markdown. `keep` stays as it is written.
 */
export function filledCanned(
  text: string,
  values: Readonly<Partial<Record<Placeholder, string>>>,
  keep?: Placeholder,
): string {
  const fill = (whole: string, gap: string, name: string, rest: string, at: number): string => {
    if (!isKnown(name) || name === keep) return whole;
    const value = values[name] ?? '';
    if (value !== '') return `${gap}${escaped(value)}${rest}`;
    const isFirst = at === 0 || text[at - 1] === '\n';
    return isFirst ? '' : rest;
  };
  return text.replace(/((?:, ?| )?)\{([A-Za-z]+)\}((?:[,:;] ?)?)/gu, fill).trim();
}

/** Whether a canned response gives the customer a reconnect link. */
export const holdsLink = (text: string): boolean => text.includes('{reconnectLink}');

/** The likeliest first: those in the customer's language and those in any, then by how often they were used, then by title. */
export function ranked<R extends CannedDraft & { readonly uses: number }>(
  responses: readonly R[],
  language: string,
): readonly R[] {
  const fits = (one: R): number => (isFor(one, language) ? 0 : 1);
  return [...responses].sort(
    (a, b) => fits(a) - fits(b) || b.uses - a.uses || a.title.localeCompare(b.title),
  );
}

/** Whether a response can be said to customers who read this language. */
export const isFor = ({ language }: Pick<CannedDraft, 'language'>, reader: string): boolean =>
  language === undefined || base(language) === base(reader);

const base = (language: string): string => language.toLowerCase().split('-')[0] ?? '';

const isKnown = (name: string): name is Placeholder => PLACEHOLDERS.some((one) => one === name);

const escaped = (value: string): string => value.replace(/[\\`*_{}[\]()#+!|<>~]/gu, '\\$&');

function isLanguage(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
