import type { PageClock } from '../clock.ts';

/** Whether somebody looks at a page, and whether it may make a sound. */
export interface Sight {
  readonly hidden: boolean;
  readonly focused: boolean;
  /** Somebody has touched the page: only then do browsers let it sound. */
  readonly touched: boolean;
}

export const sightHere = (): Sight => ({
  hidden: document.hidden,
  focused: document.hasFocus(),
  touched: navigator.userActivation.hasBeenActive,
});

/** What a leader knows of the pages that follow it. */
export interface Attention {
  readonly noted: (tab: string, sight: Sight) => void;
  readonly left: (tab: string) => void;
  /** Whether every page of the chat is hidden. */
  readonly hidden: () => boolean;
  readonly focused: () => boolean;
  /** The page that may make a sound; `undefined`: this one. */
  readonly sounding: () => string | undefined;
}

const REPEAT_MS = 60_000;
/** A page that has crashed says nothing: after two missed reports it no longer counts. */
const STALE_MS = 150_000;

export function attention(clock: PageClock): Attention {
  const others = new Map<string, { readonly sight: Sight; readonly at: number }>();
  const known = (): [string, Sight][] =>
    [...others]
      .filter(([, { at }]) => clock.now() - at < STALE_MS)
      .map(([tab, { sight }]): [string, Sight] => [tab, sight]);
  const all = () => [sightHere(), ...known().map(([, sight]) => sight)];
  return {
    noted: (tab, sight) => void others.set(tab, { sight, at: clock.now() }),
    left: (tab) => void others.delete(tab),
    hidden: () => all().every(({ hidden }) => hidden),
    focused: () => all().some(({ focused }) => focused),
    sounding: () => (sightHere().touched ? undefined : known().find(([, { touched }]) => touched)?.[0]),
  };
}

/** Reports this page's sight at once, whenever it changes, and every minute; the returned function stops it. */
export function reportSight(clock: PageClock, report: (sight: Sight) => void): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let cancel = () => {};
  const tell = () => {
    cancel();
    cancel = clock.after(REPEAT_MS, tell);
    report(sightHere());
  };
  document.addEventListener('visibilitychange', tell, { signal });
  for (const change of ['focus', 'blur', 'pointerdown', 'keydown'] as const) {
    // Every press says the same: that the page was touched.
    addEventListener(change, tell, { signal, once: change === 'pointerdown' || change === 'keydown' });
  }
  tell();
  return () => {
    cancel();
    stopping.abort();
  };
}
