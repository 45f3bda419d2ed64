import { movableClock, type MovableClock } from '../../src/clock.ts';

const START = Date.UTC(2026, 0, 5, 9, 0, 0);
/** Rounds in a row in which the process had next to nothing to do, and how much that is, ms. */
const ROUNDS = 3;
const NOTHING_MS = 0.4;

/** A clock that stands until it is moved: real time is none of its business. */
export const standingClock = (): MovableClock =>
  movableClock({ now: () => START, after: () => () => undefined });

/**
 * Settles when everything in this process waits, be it for the clock or for what will never come. Store, channel and house
 * are all here, so nothing but the clock can bring it on; however slow the machine is, none of the clock's time passes.
 */
export async function atRest(): Promise<void> {
  for (let rested = 0; rested < ROUNDS;) {
    const from = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, 1));
    // What arrived while this process was kept waiting is taken in before the check.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const { active } = performance.eventLoopUtilization(from);
    rested = active < NOTHING_MS ? rested + 1 : 0;
  }
}

/** Lets the clock go on, in steps, each once all is at rest; until it is so, and no longer than `limitMs`. Gives the time it took. */
export async function clockUntil(
  clock: MovableClock,
  isSo: () => boolean | Promise<boolean>,
  limitMs: number,
  stepMs = 500,
): Promise<number> {
  const from = clock.now();
  for (;;) {
    await atRest();
    if (await isSo()) return clock.now() - from;
    if (clock.now() - from >= limitMs) return Infinity;
    clock.advance(stepMs);
  }
}

/** Awaits some work while the clock goes on; gives what became of it and the time it took. */
export async function timed<T>(
  clock: MovableClock,
  work: Promise<T>,
  limitMs: number,
): Promise<{ readonly tookMs: number; readonly outcome: PromiseSettledResult<T> | undefined }> {
  let outcome: PromiseSettledResult<T> | undefined;
  void Promise.allSettled([work]).then(([one]) => (outcome = one));
  const tookMs = await clockUntil(clock, () => outcome !== undefined, limitMs);
  return { tookMs, outcome };
}
