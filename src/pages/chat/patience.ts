import type { PageClock } from '../clock.ts';

const LONGEST_MS = 15_000;

/**
 * Tries until it succeeds, with growing pauses; a page that comes back on the network does not wait a pause out.
 * Gives up, by throwing, on an error that `isPassing` says will not pass, and with `undefined` when `given up`.
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  how: {
    readonly clock: PageClock;
    readonly isPassing: (error: unknown) => boolean;
    readonly isWanted: () => boolean;
    readonly onFailure?: () => void;
  },
): Promise<T | undefined> {
  for (let pause = 500; how.isWanted(); pause = Math.min(pause * 2, LONGEST_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!how.isPassing(error)) throw error;
      how.onFailure?.();
      await pauseOrOnline(how.clock, pause);
    }
  }
  return undefined;
}

/** Waits `ms`, or until the browser is back on the network. */
export function pauseOrOnline(clock: PageClock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stopping = new AbortController();
    const done = () => {
      stopping.abort();
      cancel();
      resolve();
    };
    const cancel = clock.after(ms, done);
    addEventListener('online', done, { signal: stopping.signal });
  });
}
