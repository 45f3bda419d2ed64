import { dayThere, momentThere } from './zone.ts';

/** From and until when on one day, in minutes after midnight as clocks there show it; 1440 is the day's end. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When a work stream is open. Spans of a day are in order and apart; none = closed that day. */
export interface Hours {
  /** IANA name. */
  readonly timeZone: string;
  /** Sunday first, seven days. */
  readonly week: readonly (readonly Span[])[];
  /** By date, `YYYY-MM-DD`: what holds on that day in place of its weekday. */
  readonly holidays: Readonly<Record<string, readonly Span[]>>;
}

/** A stretch of open time, ms since the epoch. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * 60 * 60_000;
/** Past these nothing is looked for: whoever is closed that long is not told an opening. */
const LONGEST_CLOSED_DAYS = 400;
/** Open for so long without a break, nothing closes. */
const NEVER_CLOSES_DAYS = 15;

/** Whether it is open at a moment: from the first minute of a span up to, and without, its last. No hours = always. */
export const isOpen = (hours: Hours | undefined, at: number): boolean =>
  hours === undefined || openUntil(hours, at) !== undefined;

/** The next moment after `at` at which it opens, whether it is open now or not; `undefined` = it never does again. */
export function nextOpening(hours: Hours | undefined, at: number): number | undefined {
  if (hours === undefined) return undefined;
  const from = openUntil(hours, at) === undefined ? at : nextClosing(hours, at);
  if (from === undefined) return undefined;
  return stretches(hours, from).next().value?.from;
}

/** When it closes that is open at `at`; `undefined` = it is closed, or stays open for good. */
export function nextClosing(hours: Hours | undefined, at: number): number | undefined {
  if (hours === undefined) return undefined;
  let closing: number | undefined;
  // Open until midnight and from midnight on is open throughout.
  for (const { from, to } of stretches(hours, at)) {
    if (from > (closing ?? at)) return closing;
    closing = Math.max(closing ?? to, to);
    if (closing - at > NEVER_CLOSES_DAYS * DAY) return undefined;
  }
  return closing;
}

/** When a clock that runs for `ms` from `at` ends, standing still while it is closed. No hours = it never stands still. */
export function addOpenTime(hours: Hours | undefined, at: number, ms: number): number {
  if (hours === undefined || ms <= 0) return at + ms;
  let left = ms;
  let counted = at;
  for (const { from, to } of stretches(hours, at)) {
    const begins = Math.max(from, counted);
    if (to - begins >= left) return begins + left;
    left -= Math.max(0, to - begins);
    counted = to;
  }
  return at + ms;
}

const openUntil = (hours: Hours, at: number): number | undefined => {
  for (const { from, to } of stretchesOf(hours, dayThere(at, hours.timeZone)))
    if (from <= at && at < to) return to;
  return undefined;
};

/** What is open and not over at `at`, in order. Ends after a long time closed. */
function* stretches(hours: Hours, at: number): Generator<Stretch, undefined> {
  let closedDays = 0;
  for (let day = dayThere(at, hours.timeZone); closedDays < LONGEST_CLOSED_DAYS; day += DAY) {
    const open = stretchesOf(hours, day);
    closedDays = open.length === 0 ? closedDays + 1 : 0;
    for (const stretch of open) if (stretch.to > at) yield stretch;
  }
}

// A day is worked out once: its moments cost a few questions to the zone's clock each.
const known = new WeakMap<Hours, Map<number, readonly Stretch[]>>();
const KNOWN_DAYS = 800;

function stretchesOf(hours: Hours, day: number): readonly Stretch[] {
  const days = daysOf(hours);
  const before = days.get(day);
  if (before !== undefined) return before;
  const { timeZone } = hours;
  const open = spansOn(hours, day)
    .map(({ from, to }) => ({
      from: momentThere(day, from, timeZone, 'first'),
      to: momentThere(day, to, timeZone, 'last'),
    }))
    // What lies in an hour that clocks leave out is no time at all.
    .filter(({ from, to }) => to > from);
  days.set(day, open);
  return open;
}

function daysOf(hours: Hours): Map<number, readonly Stretch[]> {
  const days = known.get(hours);
  if (days !== undefined && days.size < KNOWN_DAYS) return days;
  const fresh = new Map<number, readonly Stretch[]>();
  known.set(hours, fresh);
  return fresh;
}

function spansOn({ week, holidays }: Hours, day: number): readonly Span[] {
  const date = new Date(day);
  return holidays[date.toISOString().slice(0, 10)] ?? week[date.getUTCDay()] ?? [];
}
