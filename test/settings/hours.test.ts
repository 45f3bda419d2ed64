import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError } from '../../src/settings/settings.ts';

const given = (hours: unknown): unknown => ({
  company: 'Northwind Parcels',
  workStreams: { support: { hours } },
  widgets: { chat: { title: 'Support', workStream: 'support' } },
});
const week = { monday: '9:00-12:30, 13:00-17:30', saturday: '10:00-24:00', sunday: 'closed' };

function faultsOf(hours: unknown): readonly string[] {
  try {
    readSettings(given(hours));
  } catch (reason) {
    if (reason instanceof SettingsError)
      return reason.faults.map(({ setting, rule }) => `${setting}: ${rule}`);
    throw reason;
  }
  return [];
}

test('an admin who gives a work stream hours gives them to all of its widgets', () => {
  const holidays = {
    '2026-12-25': 'Christmas Day',
    '2026-12-24': { name: 'Christmas Eve', open: '9:00-12:00' },
    '2026-12-31': { open: '9:00-12:00' },
  };
  const [widget] = readSettings(given({ timeZone: 'Europe/Berlin', week, holidays })).widgets;
  expect(widget?.rules.hours).toEqual({
    timeZone: 'Europe/Berlin',
    week: [
      [],
      [
        { from: 540, to: 750 },
        { from: 780, to: 1050 },
      ],
      ...[[], [], [], []],
      [{ from: 600, to: 1440 }],
    ],
    holidays: {
      '2026-12-25': [],
      '2026-12-24': [{ from: 540, to: 720 }],
      '2026-12-31': [{ from: 540, to: 720 }],
    },
  });
});

test('a work stream without hours is always open', () => {
  expect(readSettings(given(undefined)).widgets[0]?.rules.hours).toBeUndefined();
});

describe('hours that cannot be kept are refused by name, with the rule', () => {
  const zone = { timeZone: 'Europe/Berlin' };
  test.each([
    [{ timeZone: 'Berlin', week }, 'timeZone', 'IANA time zone'],
    [{ ...zone, week: { ...week, funday: '9:00-17:00' } }, 'week.funday', 'no such setting'],
    [{ ...zone, week: {} }, 'week', 'at least once a week'],
    [{ ...zone, week: { monday: '9-17' } }, 'week.monday', '"9-17" is no opening time'],
    [{ ...zone, week: { monday: '9:00-24:30' } }, 'week.monday', 'is no opening time'],
    [{ ...zone, week: { monday: '22:00-2:00' } }, 'week.monday', 'over midnight, write "…-24:00"'],
    [{ ...zone, week: { monday: '9:00-9:00' } }, 'week.monday', 'must end after it begins'],
    [{ ...zone, week: { monday: '13:00-17:00, 9:00-12:00' } }, 'week.monday', 'must be in order'],
    [{ ...zone, week: { monday: '9:00-12:00, 12:00-17:00' } }, 'week.monday', 'closed time between'],
    [{ ...zone, week: { monday: 9 } }, 'week.monday', 'must be opening times such as'],
    [{ ...zone, week, holidays: { '2026-02-30': 'Nowhere Day' } }, 'holidays.2026-02-30', 'must be a date'],
    [{ ...zone, week, holidays: { '2026-12-24': { open: '9-12' } } }, 'holidays.2026-12-24.open', '"9-12"'],
  ])('%j', (hours, setting, rule) => {
    expect(faultsOf(hours)).toEqual([expect.stringContaining(`workStreams.support.hours.${setting}: `)]);
    expect(faultsOf(hours)[0]).toContain(rule);
  });
});
