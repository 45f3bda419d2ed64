import { z } from 'zod';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: MINUTE, h: HOUR, d: 24 * HOUR };

/** A duration as people write it: a number and `ms`, `s`, `min`, `h` or `d`, such as `20 min`. */
export function duration(lowest: string, highest: string) {
  const [from, to] = [readDuration(lowest) ?? 0, readDuration(highest) ?? Infinity];
  return z
    .string({ error: 'must be a duration such as "20 min"' })
    .meta({ kind: 'duration', lowest, highest })
    .transform((text, context) => {
      const ms = readDuration(text);
      if (ms === undefined) {
        context.addIssue({
          code: 'custom',
          message: `"${text}" is no duration; write a number and ms, s, min, h or d`,
        });
        return z.NEVER;
      }
      if (ms < from || ms > to) {
        context.addIssue({
          code: 'custom',
          message: `is "${text}"; it must lie between ${lowest} and ${highest}`,
        });
        return z.NEVER;
      }
      return ms;
    });
}

/** The ms of a duration as people write it; `undefined` where it is none. */
export function readDuration(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)\s*$/u.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

/** A duration as people would write it: in the largest unit, up to hours, in which it is whole. */
export function writeDuration(ms: number): string {
  const unit =
    ['h', 'min', 's'].find((one) => ms > 0 && ms % (UNITS[one] ?? 1) === 0) ?? (ms === 0 ? 's' : 'ms');
  return `${ms / (UNITS[unit] ?? 1)} ${unit}`;
}
