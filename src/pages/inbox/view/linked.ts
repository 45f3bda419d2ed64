import { addressesIn } from '../../../cards/address.ts';
import { h } from './dom.ts';

/** Text with its web addresses as links; everything else stays text. Only http and https are ever linked. */
export const linked = (text: string): readonly (Node | string)[] =>
  addressesIn(text).map((part) =>
    typeof part === 'string'
      ? part
      : h('a', { href: part.url, target: '_blank', rel: 'noopener noreferrer' }, part.url),
  );
