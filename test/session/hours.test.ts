import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addOpenTime,
  isOpen,
  nextClosing,
  nextOpening,
  type Hours,
  type Span,
} from '../../src/session/hours.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const said = (moment: number | undefined) =>
  moment === undefined ? undefined : new Date(moment).toISOString();

const nineToFive: readonly Span[] = [{ from: 9 * 60, to: 17 * 60 }];
const office = (over: Partial<Hours> = {}): Hours => ({
  timeZone: 'Europe/Berlin',
  week: [[], nineToFive, nineToFive, nineToFive, nineToFive, nineToFive, []],
  holidays: {},
  ...over,
});

describe('an office in Berlin, nine to five on weekdays', () => {
  it('is open from nine, and closed from five to the minute', () => {
    expect(isOpen(office(), at('2026-01-05T07:59:59Z'))).toBe(false);
    expect(isOpen(office(), at('2026-01-05T08:00Z'))).toBe(true);
    expect(isOpen(office(), at('2026-01-05T15:59:59Z'))).toBe(true);
    expect(isOpen(office(), at('2026-01-05T16:00Z'))).toBe(false);
  });

  it('opens next on Monday for whoever comes on Friday evening, and for whoever is there on Friday at noon', () => {
    expect(said(nextOpening(office(), at('2026-01-09T19:00Z')))).toBe('2026-01-12T08:00:00.000Z');
    expect(said(nextOpening(office(), at('2026-01-09T11:00Z')))).toBe('2026-01-12T08:00:00.000Z');
    expect(said(nextClosing(office(), at('2026-01-09T11:00Z')))).toBe('2026-01-09T16:00:00.000Z');
  });

  it('counts five minutes before closing and five after the next opening for ten', () => {
    expect(said(addOpenTime(office(), at('2026-01-09T15:55Z'), 10 * MIN))).toBe('2026-01-12T08:05:00.000Z');
  });

  it('is closed on a holiday, and keeps the short hours of another', () => {
    const hours = office({
      holidays: { '2026-12-25': [], '2026-12-24': [{ from: 9 * 60, to: 12 * 60 }] },
    });
    expect(isOpen(hours, at('2026-12-24T12:00Z'))).toBe(false);
    expect(isOpen(hours, at('2026-12-25T10:00Z'))).toBe(false);
    expect(said(nextOpening(hours, at('2026-12-24T10:00Z')))).toBe('2026-12-28T08:00:00.000Z');
  });

  it('opens at nine by the clock, before and after clocks are put forward', () => {
    expect(said(nextOpening(office(), at('2026-03-27T20:00Z')))).toBe('2026-03-30T07:00:00.000Z');
    expect(said(nextOpening(office(), at('2026-10-23T20:00Z')))).toBe('2026-10-26T08:00:00.000Z');
  });

  it('that nobody gave hours is always open', () => {
    expect(isOpen(undefined, 0)).toBe(true);
    expect([nextOpening(undefined, 0), nextClosing(undefined, 0)]).toEqual([undefined, undefined]);
    expect(addOpenTime(undefined, 5, 10)).toBe(15);
  });
});

describe('on the night when clocks change in Berlin', () => {
  const night = (from: number, to: number): Hours =>
    office({ week: Array.from({ length: 7 }, () => [{ from, to }]) });

  it('a span of an hour that is left out is no time, and one that begins in it begins when clocks jump', () => {
    expect(isOpen(night(120, 180), at('2026-03-29T01:00Z'))).toBe(false);
    expect(said(nextOpening(night(120, 180), at('2026-03-28T12:00Z')))).toBe('2026-03-30T00:00:00.000Z');
    expect(said(nextOpening(night(150, 240), at('2026-03-28T12:00Z')))).toBe('2026-03-29T01:00:00.000Z');
  });

  it('a span of the hour that comes twice is open for both, and its clocks run two hours', () => {
    const hours = night(120, 180);
    expect(isOpen(hours, at('2026-10-25T00:00Z'))).toBe(true);
    expect(isOpen(hours, at('2026-10-25T01:59Z'))).toBe(true);
    expect(said(addOpenTime(hours, at('2026-10-25T00:00Z'), 2 * HOUR))).toBe('2026-10-25T02:00:00.000Z');
  });
});

it('open until midnight and from midnight on is open throughout, and says when it closes at last', () => {
  const hours = office({
    timeZone: 'UTC',
    week: [[], [{ from: 1320, to: 1440 }], [{ from: 0, to: 120 }], [], [], [], []],
  });
  expect(said(nextClosing(hours, at('2026-01-05T23:00Z')))).toBe('2026-01-06T02:00:00.000Z');
  expect(said(nextOpening(hours, at('2026-01-05T23:00Z')))).toBe('2026-01-12T22:00:00.000Z');
});

it('open day and night never closes and so never opens', () => {
  const hours = office({ week: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]) });
  const now = at('2026-03-28T12:00Z');
  expect([nextClosing(hours, now), nextOpening(hours, now)]).toEqual([undefined, undefined]);
  expect(addOpenTime(hours, now, 30 * DAY)).toBe(now + 30 * DAY);
});

const zones = fc.constantFrom(
  ...['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Cairo'],
  ...['America/Santiago', 'Pacific/Apia', 'UTC'],
);
const days: fc.Arbitrary<readonly Span[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 }), { maxLength: 6 })
  .map((halves) => {
    const edges = halves.toSorted((a, b) => a - b).map((half) => half * 30);
    return edges.flatMap((from, i) =>
      i % 2 === 0 && i + 1 < edges.length ? [{ from, to: edges[i + 1] ?? from }] : [],
    );
  });
const anyHours = fc
  .record({
    timeZone: zones,
    week: fc.array(days, { minLength: 7, maxLength: 7 }),
    holidays: fc.dictionary(
      fc
        .integer({ min: 0, max: 364 })
        .map((n) => new Date(Date.UTC(2026, 0, 1) + n * DAY).toISOString().slice(0, 10)),
      days,
      { maxKeys: 5 },
    ),
  })
  .filter(({ week }) => week.some((spans) => spans.length > 0));
const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) });
const durations = fc.integer({ min: 1, max: 3 * HOUR });

/** What a person sees who looks at a clock on the wall there and at the sign on the door. */
function byTheWall({ timeZone, week, holidays }: Hours, moment: number): boolean {
  const shown = new Date(moment).toLocaleString('sv-SE', { timeZone });
  const [date = '', time = ''] = shown.split(' ');
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const spans = holidays[date] ?? week[new Date(`${date}T00:00Z`).getUTCDay()] ?? [];
  return spans.some(({ from, to }) => from <= hour * 60 + minute && hour * 60 + minute < to);
}
const changesNear = (timeZone: string, moment: number): boolean => {
  const offset = (when: number) =>
    new Date(when).toLocaleString('sv-SE', { timeZone, timeZoneName: 'longOffset' }).slice(20);
  return offset(moment - DAY) !== offset(moment + DAY);
};

describe('whatever the hours, the zone and the moment', () => {
  it('it is open exactly when the clock on the wall and the sign on the door say so', () => {
    fc.assert(
      fc.property(anyHours, moments, (hours, moment) => {
        if (changesNear(hours.timeZone, moment)) return;
        expect(isOpen(hours, moment)).toBe(byTheWall(hours, moment));
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it('it is closed just before the next opening and open at it, and the other way round for closing', () => {
    fc.assert(
      fc.property(anyHours, moments, (hours, moment) => {
        const opening = nextOpening(hours, moment);
        if (opening !== undefined) {
          expect(opening).toBeGreaterThan(moment);
          expect([isOpen(hours, opening - 1), isOpen(hours, opening)]).toEqual([false, true]);
        }
        const closing = nextClosing(hours, moment);
        if (!isOpen(hours, moment) || closing === undefined) return;
        expect([isOpen(hours, closing - 1), isOpen(hours, closing)]).toEqual([true, false]);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('a clock ends while it is open, runs no faster than time, and two in a row are one of both', () => {
    fc.assert(
      fc.property(anyHours, moments, durations, durations, (hours, moment, first, second) => {
        const end = addOpenTime(hours, moment, first);
        expect(end - moment).toBeGreaterThanOrEqual(first);
        expect(isOpen(hours, end - 1)).toBe(true);
        expect(addOpenTime(hours, end, second)).toBe(addOpenTime(hours, moment, first + second));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('a clock counts the open time and nothing else', () => {
    fc.assert(
      fc.property(anyHours, moments, fc.integer({ min: 1, max: 600 }), (hours, moment, minutes) => {
        const start = Math.ceil(moment / MIN) * MIN;
        const end = addOpenTime(hours, start, minutes * MIN);
        if (end - start > 7 * DAY) return;
        let open = 0;
        for (let now = start; now < end; now += MIN) if (isOpen(hours, now)) open += 1;
        expect(open).toBe(minutes);
      }),
      { seed: 6, numRuns: 100 },
    );
  });
});
