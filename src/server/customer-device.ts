import type { Request } from 'restify';
import type { Device } from '../handoff/header.ts';

/** Families by the word that only they have; the order matters, for most of them also claim to be the later ones. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//u, 'Edge'],
  [/\bSamsungBrowser\//u, 'Samsung Internet'],
  [/\bOPR\/|\bOPT\//u, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//u, 'Firefox'],
  [/\bChrome\/|\bCriOS\//u, 'Chrome'],
  [/\bSafari\//u, 'Safari'],
];
const PHONE = /\bMobi|\bAndroid\b|\biPhone\b/u;
const LONGEST = 500;

/**
 * What a customer sits at, by what their browser says of itself with every request: a kind and a family, of which there
 * are a dozen altogether. Nothing else of it is kept: it recognises nobody.
 */
export function deviceOf(req: Pick<Request, 'headers'>): { readonly device?: Device } {
  const says = (req.headers['user-agent'] ?? '').slice(0, LONGEST);
  if (!says.startsWith('Mozilla/')) return {};
  const browser = FAMILIES.find(([word]) => word.test(says))?.[1];
  const kind = PHONE.test(says) ? 'phone' : 'computer';
  return { device: { kind, ...(browser !== undefined && { browser }) } };
}
