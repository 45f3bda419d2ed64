import { z } from 'zod';
import type { Hours, Span } from '../session/hours.ts';
import { isTimeZone } from '../session/zone.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const MOST_HOLIDAYS = 200;
const DAY_ENDS = 24 * 60;

/** Opening times of one day: `"9:00-17:30"`, several in order with commas between, or `"closed"`. */
const spans = z
  .string({ error: 'must be opening times such as "9:00-17:30", or "closed"' })
  .transform((text, context): readonly Span[] => {
    const fault = (message: string): never => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (text.trim() === 'closed') return [];
    const read = text.split(',').map(spanIn);
    const good = read.filter((span) => span !== undefined);
    if (good.length < read.length)
      return fault(
        `"${text}" is no opening time; write "9:00-12:30, 13:00-17:30", up to "24:00", or "closed"`,
      );
    if (good.some(({ from, to }) => to <= from))
      return fault(
        `"${text}" must end after it begins; over midnight, write "…-24:00" on this day and "0:00-…" on the next`,
      );
    if (good.some(({ from }, i) => from <= (good[i - 1]?.to ?? -1)))
      return fault(`"${text}" must be in order, with closed time between`);
    return good;
  });

function spanIn(text: string): Span | undefined {
  const [, fromHour, fromMinute, toHour, toMinute] =
    /^\s*(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)\s*$/u.exec(text) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  return from < DAY_ENDS && to <= DAY_ENDS ? { from, to } : undefined;
}

const date = z.string().refine(isDate, 'must be a date such as "2026-12-25"');

/** February has no thirtieth: what is shown again is another day. */
function isDate(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(`${text}T00:00Z`) : NaN;
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text);
}

/** One holiday: its name, when it is closed, or its short hours, with or without a name. */
const holiday = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z
    .strictObject({ name: z.string().min(1).max(60).optional(), open: spans.default([]) })
    .transform(({ open }) => open),
);

const week = z.strictObject({
  monday: spans.default([]),
  tuesday: spans.default([]),
  wednesday: spans.default([]),
  thursday: spans.default([]),
  friday: spans.default([]),
  saturday: spans.default([]),
  sunday: spans.default([]),
});

/** When a work stream is open; where it is not given, always. */
export const hoursShape = z
  .strictObject({
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone such as "Europe/Berlin"')
      .meta({ takes: 'an IANA time zone such as `Europe/Berlin`' })
      .describe('The clock its opening times are meant in; without `hours` a work stream is always open.'),
    week: week
      .refine((days) => DAYS.some((day) => days[day].length > 0), 'must be open at least once a week')
      .meta({
        takes:
          '`monday` to `sunday`, each `"9:00-12:30, 13:00-17:30"`, in order, up to `24:00` (over midnight is written as two, `…-24:00` and `0:00-…`), or `"closed"`; open at least once a week',
      })
      .describe('When it is open; a day that is not named is closed.'),
    holidays: z
      .record(date, holiday)
      .default({})
      .refine((days) => Object.keys(days).length <= MOST_HOLIDAYS, `must be at most ${MOST_HOLIDAYS}`)
      .meta({
        takes: `at most ${MOST_HOLIDAYS}, by \`YYYY-MM-DD\`: a name (closed), or \`{ "name": …, "open": "9:00-12:00" }\` (short hours)`,
      })
      .describe('Days with other opening times than their weekday.'),
  })
  .transform(({ timeZone, week: days, holidays }): Hours => ({
    timeZone,
    week: DAYS.map((day) => days[day]),
    holidays,
  }));
