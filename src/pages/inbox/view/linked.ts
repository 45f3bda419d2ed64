import { h } from './dom.ts';

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/gi;

/** Text with its web addresses as links; everything else stays text. Only http and https are ever linked. */
export function linked(text: string): readonly (Node | string)[] {
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const [address] = match;
    parts.push(
      text.slice(from, match.index),
      h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, address),
    );
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}
