/**
 * Tells the time and wakes you later. The only source of time below the composition roots, so that one movable clock
 * can drive store TTL, tokens, deadlines and pages in tests and locally.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs `wake` once, no sooner than `ms` from now; the returned function cancels it. A moved clock fires what has become due. */
  readonly after: (ms: number, wake: () => void) => () => void;
}

/** The machine's own clock; its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, wake) => {
    const timer = setTimeout(wake, Math.min(ms, 0x7fffffff));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that runs with another one, plus an offset that only ever grows. */
export interface MovableClock extends Clock {
  /** Moves the clock forward by `ms` (≥ 0) and fires every timer that has become due, in order of its time. */
  readonly advance: (ms: number) => void;
  /** The offset in ms between this clock and the one it runs with. */
  readonly offset: () => number;
}

/** Makes a movable clock that starts `offset` ms ahead of `base`. */
export function movableClock(base: Clock = systemClock, offset = 0): MovableClock {
  let ahead = offset;
  const waiting = new Set<{ readonly at: number; readonly wake: () => void; stop: () => void }>();
  const now = () => base.now() + ahead;
  return {
    now,
    offset: () => ahead,
    after: (ms, wake) => {
      const timer = { at: now() + ms, wake, stop: () => {} };
      timer.stop = base.after(ms, () => {
        if (waiting.delete(timer)) wake();
      });
      waiting.add(timer);
      return () => {
        timer.stop();
        waiting.delete(timer);
      };
    },
    advance: (ms) => {
      if (!(ms >= 0)) throw new RangeError(`A clock moves forward only, not by ${ms} ms`);
      ahead += ms;
      const due = [...waiting].filter((timer) => timer.at <= now()).sort((a, b) => a.at - b.at);
      for (const timer of due) {
        timer.stop();
        if (waiting.delete(timer)) timer.wake();
      }
    },
  };
}

/** Waits `ms` on the given clock. */
export const sleep = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.after(ms, resolve));
