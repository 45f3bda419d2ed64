/**
 * The moment at which clocks in a zone show a day (`YYYY-MM-DD`) and a time (`HH:mm`), ms; `undefined` when they never
 * do, or any of the three cannot be read. A time that a change of clocks shows twice is the earlier one.
 */
export function momentIn(timeZone: string, day: string, time: string): number | undefined {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  if (!DAY.test(day) || !TIME.test(time) || Number.isNaN(wanted)) return undefined;
  const shown = clockIn(timeZone);
  if (shown === undefined) return undefined;
  // No zone is further than a day from UTC, and none changes its clocks twice in two days.
  const offsets = [wanted - ONE_DAY, wanted + ONE_DAY].map((near) => shown(near) - near);
  const found = offsets.map((offset) => wanted - offset).filter((at) => shown(at) === wanted);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** The first moment after `now` at which clocks in a zone show a time; `undefined` when it cannot be read. */
export function nextMomentIn(timeZone: string, time: string, now: number): number | undefined {
  const shown = clockIn(timeZone);
  if (shown === undefined) return undefined;
  const days = [0, 1, 2].map((ahead) => new Date(shown(now) + ahead * ONE_DAY).toISOString().slice(0, 10));
  return days
    .map((day) => momentIn(timeZone, day, time))
    .find((at): at is number => at !== undefined && at > now);
}

const ONE_DAY = 24 * 3_600_000;
const DAY = /^\d{4}-\d\d-\d\d$/u;
const TIME = /^\d\d:\d\d$/u;

/** What clocks in a zone show at a moment, to the second, as if it were UTC; `undefined` for a zone nobody knows. */
function clockIn(timeZone: string): ((at: number) => number) | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', era: 'short' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    return (at) => {
      const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
      const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
      return Date.UTC(
        ...([part('year'), part('month') - 1, part('day')] as const),
        ...([part('hour'), part('minute'), part('second')] as const),
      );
    };
  } catch {
    return undefined;
  }
}
