import { addressesIn, safeAddress } from './address.ts';

/** A run of a line. Strings are text, whatever is in them. */
export type Inline =
  | string
  | { readonly is: 'strong' | 'em' | 'del'; readonly of: readonly Inline[] }
  | { readonly is: 'code'; readonly text: string }
  /** `url` is http, https or mailto. */
  | { readonly is: 'link'; readonly url: string; readonly of: readonly Inline[] }
  | { readonly is: 'break' };

/** Where marks end is looked for once per level; deeper than this they are text. */
const DEEPEST = 12;

const ESCAPABLE = /[!-/:-@[-`{-~]/u;
const MARKS = [
  ['**', 'strong'],
  ['__', 'strong'],
  ['~~', 'del'],
  ['*', 'em'],
  ['_', 'em'],
] as const;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Reads the marks within lines: strong, emphasis, struck out, code, links, and addresses as they are pasted. HTML is text
 * like any other, and a link that is no address on the web, or for mail, stays as it was written.
 */
export function inlinesOf(text: string, depth = 0): readonly Inline[] {
  const out: Inline[] = [];
  let plain = '';
  let at = 0;
  /** From where on a mark is known to have no end. */
  const endless = new Map<string, number>();
  const flush = () => {
    if (plain !== '') out.push(...withAddresses(plain));
    plain = '';
  };
  const take = (one: Inline, length: number) => {
    flush();
    out.push(one);
    at += length;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\' && ESCAPABLE.test(next)) {
      flush();
      out.push(next);
      at += 2;
      continue;
    }
    if (char === '\n') {
      take({ is: 'break' }, 1);
      continue;
    }
    const found =
      (char === '`' && codeAt(text, at)) ||
      (char === '<' && bracketedAt(text, at)) ||
      ((char === '[' || (char === '!' && next === '[')) && depth < DEEPEST && linkAt(text, at, depth)) ||
      (depth < DEEPEST && markAt(text, at, depth, endless));
    if (found) {
      take(found.one, found.length);
      continue;
    }
    plain += char;
    at += 1;
  }
  flush();
  return joined(out);
}

interface Found {
  readonly one: Inline;
  readonly length: number;
}

function codeAt(text: string, at: number): Found | undefined {
  const [fence = ''] = /^`+/u.exec(text.slice(at)) ?? [];
  const end = text.indexOf(fence, at + fence.length);
  if (end < 0) return undefined;
  const code = text.slice(at + fence.length, end);
  return {
    one: { is: 'code', text: code.trim() === '' ? code : code.trim() },
    length: end + fence.length - at,
  };
}

/** `<https://…>`: ends where it ends. */
function bracketedAt(text: string, at: number): Found | undefined {
  const [whole, address = ''] = /^<([^<>\s]{1,2048})>/u.exec(text.slice(at, at + 2_050)) ?? [];
  const url = safeAddress(address);
  return whole === undefined || url === undefined
    ? undefined
    : { one: { is: 'link', url, of: [address] }, length: whole.length };
}

/** `[words](address)`; a picture is a link to it, for no page of ours fetches what a stranger names. */
function linkAt(text: string, at: number, depth: number): Found | undefined {
  const from = text.charAt(at) === '!' ? at + 1 : at;
  const close = closingOf(text, from);
  if (close === undefined || text.charAt(close + 1) !== '(') return undefined;
  const [whole, bracketed, bare] =
    /^\((?:<([^<>\n]{0,2048})>|([^\s()]{0,2048}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?))(?:[ \t]+"[^"\n]{0,200}")?\)/u.exec(
      text.slice(close + 1, close + 2_500),
    ) ?? [];
  const url = whole === undefined ? undefined : safeAddress(bracketed ?? bare ?? '');
  if (whole === undefined || url === undefined) return undefined;
  const words = text.slice(from + 1, close);
  const of = words.trim() === '' ? [url] : withoutLinks(inlinesOf(words, depth + 1));
  return { one: { is: 'link', url, of }, length: close + 1 + whole.length - at };
}

function closingOf(text: string, from: number): number | undefined {
  let open = 0;
  for (let i = from; i < text.length && i < from + 2_048; i += 1) {
    const char = text.charAt(i);
    if (char === '\\') i += 1;
    else if (char === '[') open += 1;
    else if (char === ']') {
      open -= 1;
      if (open === 0) return i;
    }
  }
  return undefined;
}

function markAt(text: string, at: number, depth: number, endless: Map<string, number>): Found | undefined {
  for (const [mark, is] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    const from = at + mark.length;
    if (/^(?:\s|$)/u.test(text.charAt(from))) continue;
    // Within a word an underscore is a letter: file_name_here.
    if (mark.startsWith('_') && WORD.test(text.charAt(at - 1))) continue;
    if (from >= (endless.get(mark) ?? Infinity)) continue;
    const end = endOf(text, mark, from);
    if (end === undefined) {
      endless.set(mark, from);
      continue;
    }
    return { one: { is, of: inlinesOf(text.slice(from, end), depth + 1) }, length: end + mark.length - at };
  }
  return undefined;
}

function endOf(text: string, mark: string, from: number): number | undefined {
  for (let end = text.indexOf(mark, from + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    const before = text.charAt(end - 1);
    const after = text.charAt(end + mark.length);
    if (/\s/u.test(before) || before === '\\') continue;
    if (mark.startsWith('_') && WORD.test(after)) continue;
    // Of two marks, a single one is half.
    if (mark.length === 1 && after === mark) {
      end += 1;
      continue;
    }
    return end;
  }
  return undefined;
}

const withoutLinks = (of: readonly Inline[]): readonly Inline[] =>
  joined(
    of.flatMap((one): readonly Inline[] => {
      if (typeof one === 'string' || !('of' in one)) return [one];
      return one.is === 'link' ? withoutLinks(one.of) : [{ ...one, of: withoutLinks(one.of) }];
    }),
  );

const withAddresses = (text: string): readonly Inline[] =>
  addressesIn(text).map((part) =>
    typeof part === 'string' ? part : { is: 'link', url: part.url, of: [part.url] },
  );

/** Neighbouring text becomes one. */
function joined(of: readonly Inline[]): readonly Inline[] {
  const out: Inline[] = [];
  for (const one of of) {
    const last = out.at(-1);
    if (typeof one === 'string' && typeof last === 'string') out[out.length - 1] = last + one;
    else if (one !== '') out.push(one);
  }
  return out;
}
