const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}*_~]/giu;
const SAFE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Text in parts: the web addresses in it, and what stands between them. Only http and https are ever addresses. */
export function addressesIn(text: string): readonly (string | { readonly url: string })[] {
  const parts: (string | { readonly url: string })[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const [url] = match;
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ url });
    from = match.index + url.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** An address that a link may lead to, as it is written; `undefined` for scripts, data, and what is none. */
export function safeAddress(address: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(address) || !URL.canParse(address)) return undefined;
  return SAFE.has(new URL(address).protocol) ? address : undefined;
}
