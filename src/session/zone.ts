const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Whether this runtime knows an IANA time zone by that name. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The calendar day that clocks in a zone show at a moment, as the moment when that day begins in UTC. */
export const dayThere = (at: number, timeZone: string): number =>
  Math.floor((at + offsetAt(at, timeZone)) / DAY) * DAY;

/**
 * When clocks in a zone show a time: `minutes` of the day `day` (as `dayThere` gives it). Where clocks are put back they
 * show it twice, and `which` chooses; where they are put forward they never do, and it is the moment they jump.
 */
export function momentThere(day: number, minutes: number, timeZone: string, which: 'first' | 'last'): number {
  const shown = day + minutes * MINUTE;
  const [before, after] = [offsetAt(shown - DAY, timeZone), offsetAt(shown + DAY, timeZone)];
  if (before === after) return shown - before;
  // In order: what is shown twice is shown first by the offset before.
  const times = [shown - before, shown - after].filter((at) => at + offsetAt(at, timeZone) === shown);
  return (
    (which === 'first' ? times[0] : times.at(-1)) ?? jump(shown - DAY - before, shown + DAY - after, timeZone)
  );
}

/** When the offset changes between two moments around one change; all three are whole seconds. */
function jump(from: number, to: number, timeZone: string): number {
  const before = offsetAt(from, timeZone);
  let [low, high] = [from, to];
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (offsetAt(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** How far clocks in a zone are ahead of UTC at a moment, ms. */
function offsetAt(at: number, timeZone: string): number {
  const second = Math.floor(at / 1_000) * 1_000;
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(second)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: s = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, s) - second;
}

// Making one costs a hundred times what asking it does.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  clocks.set(timeZone, clock);
  return clock;
}
