import { Refused } from './http.ts';

/** How many sends and updates a bot may make in one thread within a time. */
export interface RateLimit {
  readonly count: number;
  readonly ms: number;
}

/** What Teams documents per bot and thread (msteams-docs, bots/how-to/rate-limit.md). */
export const teamsRateLimits: readonly RateLimit[] = [
  { count: 7, ms: 1_000 },
  { count: 60, ms: 30_000 },
  { count: 1_800, ms: 3_600_000 },
];

/**
 * Throws `Refused` 429 with `Retry-After` in whole seconds when one more write at `now` breaks a limit.
 * `writesSince(since)` gives the times of the writes after `since`, oldest first.
 */
export function obeyRateLimits(
  limits: readonly RateLimit[],
  now: number,
  writesSince: (since: number) => readonly number[],
): void {
  for (const { count, ms } of limits) {
    const within = writesSince(now - ms);
    const frees = within[within.length - count];
    if (frees === undefined) continue;
    throw new Refused(429, 'TooManyRequests', `More than ${count} messages in ${ms} ms in this thread.`, {
      'Retry-After': String(Math.max(1, Math.ceil((frees + ms - now) / 1000))),
    });
  }
}
