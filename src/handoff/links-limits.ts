import type { Clock } from '../clock.ts';
import type { Lookups } from './ports.ts';

/** How often somebody may be wrong. Counted together by all instances; who is right is never counted. */
export interface Limits {
  /** For how long this caller may try no code; `undefined` when they may. Asked before a code is judged. */
  readonly barredFromCodes: (from: string) => Promise<number | undefined>;
  /** Notes a wrong code, or token; for how long this caller has to wait when it was one too many. */
  readonly wrong: (what: 'code' | 'token', from: string) => Promise<number | undefined>;
}

const WINDOW_MS = 10 * 60_000;
const WRONG_CODES = 10;
/** With so many wrong codes from everywhere somebody is guessing with many machines: each caller has one try left. */
const WRONG_CODES_OVER_ALL = 300;
const WRONG_TOKENS = 30;

/**
 * Makes them. A code can be guessed, so who was wrong too often is not even heard; a token cannot, so a right one is
 * heard however many wrong ones came from the same office. Nobody is locked out for what others did.
 */
export function limits(lookups: Lookups, clock: Clock): Limits {
  const over = (now: number): number => WINDOW_MS - (now % WINDOW_MS);
  return {
    barredFromCodes: async (from) => {
      const now = clock.now();
      const [theirs, all] = await Promise.all([
        lookups.counted(`code|${from}`, now, WINDOW_MS),
        lookups.counted('code', now, WINDOW_MS),
      ]);
      return theirs >= (all < WRONG_CODES_OVER_ALL ? WRONG_CODES : 1) ? over(now) : undefined;
    },
    wrong: async (what, from) => {
      const now = clock.now();
      const [theirs] = await Promise.all([
        lookups.count(`${what}|${from}`, now, WINDOW_MS),
        ...(what === 'code' ? [lookups.count('code', now, WINDOW_MS)] : []),
      ]);
      return theirs > (what === 'code' ? WRONG_CODES : WRONG_TOKENS) ? over(now) : undefined;
    },
  };
}
