/**
 * The page's clock: the server's time, so that countdowns are right on a machine whose own clock is wrong, and so that
 * a moved clock (locally, in tests) moves the pages too.
 */
export interface PageClock {
  /** The server's time as far as known, ms since the epoch. */
  readonly now: () => number;
  /** Runs `wake` once, no sooner than `ms` from now; the returned function cancels it. A jump fires what has become due. */
  readonly after: (ms: number, wake: () => void) => () => void;
  /** Takes the `now` of a server's answer. */
  readonly set: (serverNow: number) => void;
  /** Follows a stream of `data: {"now": n}` (server-sent events), as the local house offers it; the returned function stops. */
  readonly follow: (url: string) => () => void;
}

/** An answer's travel time is no news about the clock. */
const NOTICEABLE_MS = 1_000;
const LONGEST_TIMER_MS = 0x7fffffff;

export function pageClock(): PageClock {
  let ahead = 0;
  const waiting = new Set<Timer>();
  const now = () => Date.now() + ahead;

  const arm = (timer: Timer) => {
    clearTimeout(timer.handle);
    timer.handle = setTimeout(() => ring(timer), Math.min(Math.max(timer.at - now(), 0), LONGEST_TIMER_MS));
  };
  const ring = (timer: Timer) => {
    if (timer.at > now()) arm(timer);
    else if (waiting.delete(timer)) timer.wake();
  };
  const set = (serverNow: number) => {
    if (Math.abs(serverNow - now()) < NOTICEABLE_MS) return;
    ahead = serverNow - Date.now();
    for (const timer of [...waiting].sort((a, b) => a.at - b.at)) arm(timer);
  };

  return {
    now,
    set,
    after: (ms, wake) => {
      const timer: Timer = { at: now() + ms, wake, handle: undefined };
      waiting.add(timer);
      arm(timer);
      return () => {
        clearTimeout(timer.handle);
        waiting.delete(timer);
      };
    },
    follow: (url) => {
      const source = new EventSource(url);
      source.addEventListener('message', (event) => {
        const told = readNow(event.data);
        if (told !== undefined) set(told);
      });
      return () => source.close();
    },
  };
}

interface Timer {
  readonly at: number;
  readonly wake: () => void;
  handle: ReturnType<typeof setTimeout> | undefined;
}

function readNow(data: unknown): number | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const told = JSON.parse(data) as { readonly now?: unknown };
    return typeof told.now === 'number' ? told.now : undefined;
  } catch {
    return undefined;
  }
}
