import type { PageClock } from '../clock.ts';
import type { Beat } from './house.ts';

const EVERY_MS = 90_000;

/**
 * Tells the house that this page is still here: every 90 s, at once when it is shown, hidden or back on the network,
 * and that it leaves, when it does. The returned function stops it without a word.
 */
export function keepPresence(options: {
  readonly clock: PageClock;
  readonly beat: (beat: Omit<Beat, 'conversation'>) => void;
}): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let cancel = () => {};

  let left = false;

  const tell = () => {
    // Browsers tell that a page is hidden after they told that it goes: that must not take the leaving back.
    if (left) return;
    options.beat({ phone: isPhone(), hidden: document.hidden });
    cancel();
    cancel = options.clock.after(EVERY_MS, tell);
  };
  const leave = () => {
    left = true;
    options.beat({ phone: isPhone(), hidden: true, leaving: true });
  };
  // Only pages that come back from the browser's cache: a first show has just been told by opening the chat.
  const comeBack = (event: PageTransitionEvent) => {
    if (!event.persisted) return;
    left = false;
    tell();
  };
  cancel = options.clock.after(EVERY_MS, tell);
  document.addEventListener('visibilitychange', tell, { signal });
  addEventListener('online', tell, { signal });
  addEventListener('pageshow', comeBack, { signal });
  addEventListener('pagehide', leave, { signal });
  return () => {
    cancel();
    stopping.abort();
  };
}

const isPhone = (): boolean =>
  /Mobi|Android|iPhone/i.test(navigator.userAgent) ||
  matchMedia('(pointer: coarse) and (hover: none)').matches;
