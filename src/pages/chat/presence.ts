import type { PageClock } from '../clock.ts';
import type { Beat } from './house.ts';

export interface Presence {
  /** Tells it now, out of turn. */
  readonly tell: () => void;
  /** The page goes: says so. Nothing more is told until it comes back from the browser's cache. */
  readonly leave: () => void;
  /** Stops without a word. */
  readonly stop: () => void;
}

const EVERY_MS = 90_000;

/**
 * Tells the house that the customer is still here: every 90 s, and at once when this page is shown, hidden or back on
 * the network. A page that takes the chat over takes the leaving of the one before back.
 */
export function keepPresence(options: {
  readonly clock: PageClock;
  readonly beat: (beat: Omit<Beat, 'conversation'>) => void;
  /** Whether no page of the chat is seen. */
  readonly isHidden: () => boolean;
}): Presence {
  const stopping = new AbortController();
  const { signal } = stopping;
  let cancel = () => {};
  let left = false;

  const tell = () => {
    // Browsers tell that a page is hidden after they told that it goes: that must not take the leaving back.
    if (left) return;
    options.beat({ phone: isPhone(), hidden: options.isHidden() });
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
  return {
    tell,
    leave,
    stop: () => {
      left = true;
      cancel();
      stopping.abort();
    },
  };
}

export const isPhone = (): boolean =>
  /Mobi|Android|iPhone/i.test(navigator.userAgent) ||
  matchMedia('(pointer: coarse) and (hover: none)').matches;
