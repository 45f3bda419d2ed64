const TITLE = /^(?:dr|prof|mr|mrs|ms|mx|ing|dipl|herr|frau)\.?$/iu;
/** First parts of compound given names: the next word belongs to them. */
const COMPOUND = /^(?:عبد|أبو|ابو|أم|ام)$/u;
/** Control, format and line characters; not the two joiners, which Persian, Indic scripts and emoji need. */
const NOT_SHOWN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Takes the first name from a full name as directories write it (`Jonas Weber`, `Weber, Jonas (EXT)`,
 * `Dr. Jonas Weber`, `jonas.weber@contoso.com`), at most 40 characters; empty when there is none.
 */
export function firstName(fullName: string): string {
  const name = oneLine(fullName, 200).replace(/\s+[([{].*$/u, '');
  const [local = ''] = name.trim().split('@');
  const [family = '', given = ''] = local.split(/,\s*/u);
  const named = (given.trim() === '' ? family : given).trim().split(/\s+/u);
  const rest = named.length > 1 ? named.filter((word) => !TITLE.test(word)) : named;
  const [first = '', second] = rest;
  const whole = COMPOUND.test(first) && second !== undefined ? `${first} ${second}` : first;
  return shorten(name.includes('@') ? (whole.split(/[._]/u)[0] ?? whole) : whole, 40);
}

/** Puts text on one line without control and direction characters, at most `most` characters. */
export const oneLine = (text: string, most: number): string =>
  shorten(withoutControls(text).replace(/\s+/gu, ' ').trim(), most);

/** Drops what could hide or reorder other text; line breaks and tabs become spaces. */
export const withoutControls = (text: string): string =>
  text.replace(NOT_SHOWN, (one) => (/\s/u.test(one) ? ' ' : ''));

/** Cuts text to at most `most` UTF-16 units, never through a character as people see it; a cut ends in an ellipsis. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (const { index, segment } of CHARACTERS.segment(text)) {
    if (index + segment.length >= most) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end).trimEnd()}…`;
}

const CHARACTERS = new Intl.Segmenter();
