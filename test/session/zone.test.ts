import { expect, test } from 'vitest';
import { RETENTION } from '../../src/session/retention.ts';
import { addOpenTime, isOpen, nextClosing, nextOpening, type Hours } from '../../src/session/hours.ts';
import { dayThere, momentThere } from '../../src/session/zone.ts';

const at = (text: string) => Date.parse(text);
const said = (moment: number | undefined) =>
  moment === undefined ? undefined : new Date(moment).toISOString();
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

test.each([
  ['Europe/Berlin', '2026-01-05', '09:00', '2026-01-05T08:00:00Z', '2026-01-05T08:00:00Z'],
  ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
  ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-03-29', '03:00', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59:00Z', '2026-03-29T00:59:00Z'],
  ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
  ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00:00Z', '2026-03-08T07:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00Z', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
  ['Pacific/Apia', '2011-12-30', '12:00', '2011-12-30T10:00:00Z', '2011-12-30T10:00:00Z'],
  ['Asia/Kolkata', '2026-06-01', '00:00', '2026-05-31T18:30:00Z', '2026-05-31T18:30:00Z'],
])('clocks in %s show %s %s first at %s and last at %s', (zone, date, time, first, last) => {
  const day = at(`${date}T00:00Z`);
  const minutes = (at(`${date}T${time}Z`) - day) / 60_000;
  expect(said(momentThere(day, minutes, zone, 'first'))).toBe(said(at(first)));
  expect(said(momentThere(day, minutes, zone, 'last'))).toBe(said(at(last)));
});

test('a day begins when clocks there show midnight, east and west of here', () => {
  expect(said(dayThere(at('2026-01-05T23:30:00Z'), 'Europe/Berlin'))).toBe('2026-01-06T00:00:00.000Z');
  expect(said(dayThere(at('2026-01-05T22:59:59.999Z'), 'Europe/Berlin'))).toBe('2026-01-05T00:00:00.000Z');
  expect(said(dayThere(at('2026-01-05T04:59:59Z'), 'America/New_York'))).toBe('2026-01-04T00:00:00.000Z');
});

const week = (...days: Hours['week'][number][]): Hours['week'] =>
  Array.from({ length: 7 }, (_, i) => days[i] ?? []);
const hours = (over: Partial<Hours>): Hours => ({ timeZone: 'UTC', week: week(), holidays: {}, ...over });

test('whoever is never open opens never, and their clocks run on', () => {
  const never = hours({});
  const now = at('2026-01-05T12:00Z');
  expect([isOpen(never, now), nextOpening(never, now), nextClosing(never, now)]).toEqual([
    false,
    undefined,
    undefined,
  ]);
  expect(addOpenTime(never, now, HOUR)).toBe(now + HOUR);
});

test('whoever opens on one day after a long closure opens then', () => {
  const now = at('2026-01-05T12:00Z');
  const opening = (days: number) => {
    const date = new Date(now + days * DAY).toISOString().slice(0, 10);
    return said(nextOpening(hours({ holidays: { [date]: [{ from: 60, to: 120 }] } }), now));
  };
  expect(opening(399)).toBe('2027-02-08T01:00:00.000Z');
  expect(opening(400)).toBeUndefined();
});

test('at the very moment of opening the next one is another, and no time counted is no time', () => {
  const mondays = hours({ week: week([], [{ from: 540, to: 600 }]) });
  const opening = at('2026-01-05T09:00Z');
  expect(said(nextOpening(mondays, opening))).toBe('2026-01-12T09:00:00.000Z');
  expect(said(nextOpening(mondays, opening - 1))).toBe('2026-01-05T09:00:00.000Z');
  expect(addOpenTime(mondays, opening - HOUR, 0)).toBe(opening - HOUR);
  expect(said(addOpenTime(mondays, opening - HOUR, 1))).toBe('2026-01-05T09:00:00.001Z');
});

test('two spans of a day that touch are one, and a pause between two is closed', () => {
  const day = hours({
    week: week(
      [],
      [
        { from: 60, to: 120 },
        { from: 120, to: 180 },
        { from: 240, to: 300 },
      ],
    ),
  });
  const now = at('2026-01-05T01:30Z');
  expect(said(nextClosing(day, now))).toBe('2026-01-05T03:00:00.000Z');
  expect(said(nextOpening(day, now))).toBe('2026-01-05T04:00:00.000Z');
  expect(said(addOpenTime(day, now, 2 * HOUR))).toBe('2026-01-05T04:30:00.000Z');
});

test('what is said is kept half a year, what came of it two, where nobody says otherwise', () => {
  expect(RETENTION).toEqual({
    transcriptMs: 180 * DAY,
    filesMs: 180 * DAY,
    recordMs: 730 * DAY,
    auditMs: 180 * DAY,
  });
});
