import type { FetchFile } from '../../handoff/ports.ts';
import { atMost } from '../at-most.ts';

/**
 * Where Direct Line keeps what customers upload, its regions included. Source: Azure Bot Service docs, Direct Line
 * endpoints; `webchat.botframework.com` is the same service for Web Chat.
 */
export const DIRECT_LINE_FILES: readonly string[] = [
  'https://directline.botframework.com/',
  'https://europe.directline.botframework.com/',
  'https://india.directline.botframework.com/',
  'https://webchat.botframework.com/',
];

/**
 * Fetches what customers have uploaded to Direct Line. Anybody who holds a token can write any address into an
 * attachment, so that only what begins with one of `places` is asked for (scheme, host, port and path), without a
 * cookie, a secret or a redirect.
 */
export function directLineAttachments(places: readonly string[] = DIRECT_LINE_FILES): FetchFile {
  for (const place of places) {
    if (!URL.canParse(place) || !place.endsWith('/'))
      throw new TypeError(`${place} must be a URL that ends in /`);
  }
  return async (address, mostBytes, stopped) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const isTheirs =
      url?.username === '' && url.password === '' && places.some((place) => url.href.startsWith(place));
    if (!isTheirs) return { fault: 'unreadable' };
    try {
      const response = await fetch(url, { redirect: 'error', credentials: 'omit', signal: stopped });
      if (!response.ok || response.body === null) {
        await response.body?.cancel();
        return { fault: 'unreadable' };
      }
      return await atMost(response.body, mostBytes);
    } catch {
      return { fault: 'unreadable' };
    }
  };
}
