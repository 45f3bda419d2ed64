import type { PageClock } from '../clock.ts';
import { inFigures } from './in-figures.ts';

/** Time that runs out before the customer's eyes; beside a sentence that tells the moment, for who cannot see it. */
export interface Countdown {
  /** Counts down to this moment, ms, in the language's own figures; nothing without one. */
  readonly to: (moment: number | undefined, language: string) => void;
}

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

/** Makes it in `place`; `ended` hears when the moment has come. */
export function countdown(place: HTMLElement, clock: PageClock, ended: () => void): Countdown {
  let stop = (): void => undefined;
  const to: Countdown['to'] = (moment, language) => {
    stop();
    const left = moment === undefined ? 0 : moment - clock.now();
    // What is days ahead is told by the moment alone.
    place.hidden = left <= 0 || left > DAY;
    if (moment === undefined || left <= 0) return;
    place.textContent = place.hidden ? '' : inFigures(left, language);
    stop = clock.after(Math.min(left, SECOND), () => (clock.now() < moment ? to(moment, language) : ended()));
  };
  return { to };
}
