const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, as short as a list needs it: `now`, `4 min`, `10:03`, `Yesterday`, `3 Nov`. */
export function ago(at: number, now: number): string {
  const past = now - at;
  if (past < MINUTE) return 'now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min`;
  const days = dayDistance(at, now);
  return days === 0 ? hourMinute(at) : days === 1 ? 'Yesterday' : dayMonth(at);
}

/** A span that is still counted: `0:42`, `7:42`, `2 h 5 min`, `3 days`. Never negative. */
export function span(ms: number): string {
  const left = Math.max(0, ms);
  if (left >= 2 * DAY) return `${Math.floor(left / DAY)} days`;
  if (left >= HOUR) {
    const minutes = Math.floor((left % HOUR) / MINUTE);
    return `${Math.floor(left / HOUR)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
  }
  const seconds = Math.ceil(left / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A span that has passed, in words no countdown or time of day is taken for: `20 s`, `11 min`, `2 h 5 min`, `3 days`. */
export function elapsed(ms: number): string {
  const past = Math.max(0, ms);
  if (past >= HOUR) return span(past);
  return past < MINUTE ? `${Math.floor(past / 1000)} s` : `${Math.floor(past / MINUTE)} min`;
}

/** A moment as a person says it today: `10:16`, `tomorrow 9:00`, `3 Nov 9:00`. */
export function moment(at: number, now: number): string {
  const days = dayDistance(at, now);
  if (days === 0) return hourMinute(at);
  return days === -1 ? `tomorrow ${hourMinute(at)}` : `${dayMonth(at)}, ${hourMinute(at)}`;
}

/** The name of a day over its lines: `Today`, `Yesterday`, `Monday 3 November`. */
export function dayName(at: number, now: number): string {
  const days = dayDistance(at, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Date(at).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}

/** The exact moment, for whoever points at a relative one. */
export const exact = (at: number): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const hourMinute = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export const hourMinuteSecond = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { timeStyle: 'medium' });

/** A local day, as a key. */
export const dayOf = (at: number): string => new Date(at).toDateString();

const dayMonth = (at: number) => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

// Days between the two midnights; a day of 23 or 25 hours still counts as one.
function dayDistance(at: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / DAY);
}
