import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError, type SettingFault } from '../../src/settings/settings.ts';

const given = (widget: object = {}, stream: object = {}): unknown => ({
  company: 'Northwind Parcels',
  workStreams: { support: stream },
  widgets: { chat: { title: 'Support', workStream: 'support', ...widget } },
});

function faultsOf(json: unknown): readonly SettingFault[] {
  try {
    readSettings(json);
  } catch (reason) {
    if (reason instanceof SettingsError) return reason.faults;
    throw reason;
  }
  return [];
}

describe('row 79: what agents can say and show', () => {
  const hello = { title: 'Greeting', shortcut: 'Hello', text: 'Hello {customer}' };

  test('is kept as given, each canned response under an id of its own', () => {
    const read = readSettings(
      given(
        { pageHosts: ['www.example.com', '*.example.org'] },
        { cannedResponses: [{ ...hello, language: 'en' }] },
      ),
    );
    expect(read.workStreams['support']?.cannedResponses).toEqual([
      { id: 'set-hello', ...hello, language: 'en' },
    ]);
    expect(read.widgets[0]?.pageHosts).toEqual(['www.example.com', '*.example.org']);
  });

  test.each([
    [{ ...hello, text: 'Hi {custmer}' }, '0.text', 'has no placeholder {custmer}; there are {customer}'],
    [{ ...hello, shortcut: 'a b' }, '0.shortcut', 'letters, digits or -'],
    [{ ...hello, title: '' }, '0.title', '1 to 60'],
    [{ ...hello, order: 1 }, '0.order', 'there is no such setting'],
    [{ title: 'x', shortcut: 'x' }, '0.text', 'must be text'],
  ])('and a canned response that cannot be said is named: %j', (response, at, rule) => {
    expect(faultsOf(given({}, { cannedResponses: [response] }))).toContainEqual({
      setting: `workStreams.support.cannedResponses.${at}`,
      rule: expect.stringContaining(rule) as string,
    });
  });

  test('and one shortcut for two is named', () => {
    expect(faultsOf(given({}, { cannedResponses: [hello, { ...hello, shortcut: 'hello' }] }))).toEqual([
      { setting: 'workStreams.support.cannedResponses.1.shortcut', rule: '/hello is there twice' },
    ]);
  });

  test.each(['https://www.example.com', '*', '*.', 'WWW.example.com', 'www.example.com:8443', 'localhost'])(
    'and a host that cannot be a page’s is named: %s',
    (host) => {
      expect(faultsOf(given({ pageHosts: [host] }))).toEqual([
        {
          setting: 'widgets.chat.pageHosts.0',
          rule: expect.stringContaining('must be a host such as') as string,
        },
      ]);
    },
  );
});
