import type { PageClock } from '../clock.ts';

const TICK_MS = 5_000;
/** Browsers let a hidden page's timers run once a minute: only a longer gap is sleep. */
const ASLEEP_MS = 75_000;

/**
 * Tells when this page ran again after its machine, or the browser, had put it to sleep. The returned function stops
 * it. Measured on the machine's own clock, of which only the difference counts: the page's clock may be set.
 */
export function onWaking(clock: PageClock, wake: () => void): () => void {
  let last = Date.now();
  let cancel = () => {};
  const tick = () => {
    const now = Date.now();
    const slept = now - last > ASLEEP_MS;
    last = now;
    cancel = clock.after(TICK_MS, tick);
    if (slept) wake();
  };
  cancel = clock.after(TICK_MS, tick);
  return () => cancel();
}
