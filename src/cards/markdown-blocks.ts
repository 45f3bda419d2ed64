import { inlinesOf, type Inline } from './markdown.ts';

/** A part of a message, from top to bottom. */
export type Block =
  | { readonly is: 'paragraph' | 'heading'; readonly of: readonly Inline[] }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'quote'; readonly of: readonly Block[] }
  /** `start`: numbered, from there. */
  | { readonly is: 'list'; readonly start?: number; readonly of: readonly (readonly Block[])[] }
  | { readonly is: 'rule' };

const DEEPEST = 6;
const FENCE = /^ {0,3}(```+|~~~+)/u;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$/u;
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/u;
const QUOTE = /^ {0,3}> ?/u;
const ITEM = /^( {0,3})(?:([-*+])|(\d{1,9})[.)])[ \t]+(?=\S)/u;

/** Reads a message in Markdown: the part of CommonMark that people write in chats; a line break is one. Never throws. */
export function blocksOf(text: string, depth = 0): readonly Block[] {
  const lines = text.replaceAll(/\r\n?/gu, '\n').split('\n');
  const out: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    const words = paragraph.join('\n').trim();
    if (words !== '') out.push({ is: 'paragraph', of: inlinesOf(words) });
    paragraph = [];
  };
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? '';
    const taken = depth < DEEPEST ? blockAt(lines, i, depth) : undefined;
    if (taken !== undefined) {
      flush();
      out.push(taken.block);
      i = taken.next;
      continue;
    }
    if (line.trim() === '') flush();
    else paragraph.push(line.trim());
    i += 1;
  }
  flush();
  return out;
}

interface Taken {
  readonly block: Block;
  /** The line after it. */
  readonly next: number;
}

function blockAt(lines: readonly string[], at: number, depth: number): Taken | undefined {
  const line = lines[at] ?? '';
  const [, fence] = FENCE.exec(line) ?? [];
  if (fence !== undefined) return codeFrom(lines, at, fence);
  const [, heading] = HEADING.exec(line) ?? [];
  if (heading !== undefined) return { block: { is: 'heading', of: inlinesOf(heading) }, next: at + 1 };
  if (RULE.test(line)) return { block: { is: 'rule' }, next: at + 1 };
  if (QUOTE.test(line)) {
    const end = whileThat(lines, at, (one) => QUOTE.test(one));
    const inner = lines.slice(at, end).map((one) => one.replace(QUOTE, ''));
    return { block: { is: 'quote', of: blocksOf(inner.join('\n'), depth + 1) }, next: end };
  }
  return ITEM.test(line) ? listFrom(lines, at, depth) : undefined;
}

function codeFrom(lines: readonly string[], at: number, fence: string): Taken {
  const end = whileThat(lines, at + 1, (one) => !one.trim().startsWith(fence));
  return {
    block: { is: 'code', text: lines.slice(at + 1, end).join('\n') },
    next: Math.min(end + 1, lines.length),
  };
}

/** What is indented below an item belongs to it. */
function listFrom(lines: readonly string[], at: number, depth: number): Taken {
  const [, , , first] = ITEM.exec(lines[at] ?? '') ?? [];
  const isNumbered = first !== undefined;
  const items: string[][] = [];
  let i = at;
  for (; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const [mark, , , number] = ITEM.exec(line) ?? [];
    const last = items.at(-1);
    if (mark !== undefined && (number !== undefined) === isNumbered) items.push([line.slice(mark.length)]);
    else if (last !== undefined && /^(?: {2,}|\t)\S/u.test(line))
      last.push(line.replace(/^(?:\t| {2,4})/u, ''));
    else break;
  }
  const of = items.map((item) => blocksOf(item.join('\n'), depth + 1));
  return { block: { is: 'list', ...(isNumbered && { start: Number(first) }), of }, next: i };
}

function whileThat(lines: readonly string[], at: number, holds: (line: string) => boolean): number {
  let end = at;
  while (end < lines.length && holds(lines[end] ?? '')) end += 1;
  return end;
}
