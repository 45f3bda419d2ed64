import type { Row } from '../wire/wire.ts';
import { h } from './dom.ts';

/** The customer's face: initials, and a mark whether they are here. Said in words elsewhere. */
export function avatar(
  row: Pick<Row, 'name' | 'verified' | 'sid' | 'status' | 'customerBackAt'>,
): HTMLElement {
  const face = h('span', { class: `avatar tint${tintOf(row.sid)}`, 'aria-hidden': 'true' }, initialsOf(row));
  const mark = presenceOf(row);
  if (mark !== undefined) face.append(h('span', { class: `presence ${mark}` }));
  return face;
}

function presenceOf(row: Pick<Row, 'status' | 'customerBackAt'>): string | undefined {
  switch (row.status) {
    case 'active':
    case 'queued':
    case 'resuming':
    case 'bot':
      return 'available';
    case 'disconnected':
      return 'gone';
    case 'suspended':
      return row.customerBackAt === undefined ? 'away' : 'available';
    case 'closed':
    case 'expired':
      return undefined;
  }
}

function initialsOf({ name, verified }: Pick<Row, 'name' | 'verified'>): string {
  if (!verified) return '?';
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => firstLetter(word ?? ''))
    .join('')
    .toUpperCase();
}

const letters = new Intl.Segmenter();

// What a person sees as one letter may be several code points.
const firstLetter = (word: string) => letters.segment(word).containing(0)?.segment ?? '';

// The same customer has the same tint wherever they are shown.
function tintOf(sid: string): number {
  const [customer = sid] = sid.split('.');
  let sum = 0;
  for (const character of customer) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % 6;
}
