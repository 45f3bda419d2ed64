const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A place kept for 10 minutes still reads "10 minutes" when the news of it took some seconds. */
const TOLERANCE = 5 * SECOND;

type Unit = 'second' | 'minute' | 'hour' | 'day';
type Part = readonly [count: number, unit: Unit];

/** Says a duration in words, whole units, rounded down: "45 seconds", "7 minutes", "1 hour, 20 minutes". */
export function durationText(ms: number, language: string): string {
  const parts = partsOf(ms).map(([count, unit]) => inUnits(unit, language).format(count));
  return new Intl.ListFormat(language, { type: 'unit', style: 'long' }).format(parts);
}

/** The number and the unit of a short duration, apart, for "7 more minutes"; `undefined` where a language joins them. */
export function durationInTwo(ms: number, language: string): { number: string; unit: string } | undefined {
  const [only, more] = partsOf(ms);
  if (more !== undefined) return undefined;
  const said = inUnits(only[1], language).formatToParts(only[0]);
  const join = (type: string) => said.flatMap((part) => (part.type === type ? [part.value] : [])).join('');
  const two = { number: join('integer'), unit: join('unit') };
  return two.number === '' || two.unit === '' ? undefined : two;
}

/** Says when something is, as an adverb: "in 3 hours", "2 hours ago". */
export function distanceText(moment: number, now: number, language: string): string {
  const away = Math.abs(moment - now);
  // In one unit, "in 1 hour" would be said of almost two.
  const [[count, unit]] = away < 2 * HOUR && away >= HOUR ? [minutesOf(away)] : partsOf(away);
  return new Intl.RelativeTimeFormat(language).format(moment < now ? -count : count, unit);
}

/** Says the time of day there, with the day when it is another one: "14:30", "Fri, 27 Nov, 09:00". */
export function clockText(moment: number, now: number, language: string, timeZone: string): string {
  const day = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'short' });
  const today = day.format(moment) === day.format(now);
  return new Intl.DateTimeFormat(language, {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(today ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
  }).format(moment);
}

/** Says when we open, by our own clocks: "Monday 9:00 AM GMT+1"; the time alone today, with the date a week ahead. */
export function openingText(moment: number, now: number, language: string, timeZone: string): string {
  const day = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'short' });
  return new Intl.DateTimeFormat(language, {
    timeZone,
    ...(day.format(moment) === day.format(now) ? {} : { weekday: 'long' }),
    ...(moment - now < 6 * DAY ? {} : { day: 'numeric', month: 'long' }),
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  }).format(moment);
}

/** A moment as ISO 8601 to the second, the only form `{{TIME(…)}}` in a card takes; `undefined` if it is no moment. */
export const isoSecond = (moment: number): string | undefined =>
  Math.abs(moment) <= 8.64e15 ? new Date(moment).toISOString().replace(/\.\d{3}Z$/u, 'Z') : undefined;

function partsOf(ms: number): readonly [Part, ...Part[]] {
  const left = Number.isFinite(ms) && ms > 0 ? ms + TOLERANCE : 0;
  if (left < MINUTE) return [[Math.max(1, Math.round((left - TOLERANCE) / SECOND)), 'second']];
  if (left < HOUR) return [minutesOf(ms)];
  if (left >= 2 * DAY) return [[Math.floor(left / DAY), 'day']];
  const hours = Math.floor(left / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  return hours < 6 && minutes > 0
    ? [
        [hours, 'hour'],
        [minutes, 'minute'],
      ]
    : [[hours, 'hour']];
}

const minutesOf = (ms: number): Part => [Math.floor((ms + TOLERANCE) / MINUTE), 'minute'];

const inUnits = (unit: Unit, language: string): Intl.NumberFormat =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
