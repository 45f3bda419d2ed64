import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/settings/settings.ts';
import { faultsOf, faulty, given } from './given.ts';

describe('an admin who is wrong', () => {
  test('hears of a setting that does not exist by its name', () => {
    expect(
      faultsOf({ ...(given({ promptAudiance: 'anyone' }, { autoClose: '5 min' }) as object), compny: 'x' }),
    ).toEqual(
      expect.arrayContaining([
        { setting: 'compny', rule: 'there is no such setting' },
        { setting: 'workStreams.support.autoClose', rule: 'there is no such setting' },
        faulty('promptAudiance', 'there is no such setting'),
      ]),
    );
  });

  test('hears of everything at once, of every widget, and in the message too', () => {
    const json = {
      company: '',
      workStreams: { support: {}, sales: { autoCloseAfterInactivity: '1 min' } },
      widgets: {
        one: { title: 'One', workStream: 'support', previousAgentWindow: '30 min' },
        two: { title: 'Two', workStream: 'support', offerTimeout: '1 h' },
        three: { title: 'Three', workStream: 'nowhere' },
        four: { title: 'Four', workStream: 'sales' },
      },
    };
    const settings = faultsOf(json).map(({ setting }) => setting);
    expect(settings.toSorted()).toEqual([
      'company',
      'widgets.one.previousAgentWindow',
      'widgets.three.workStream',
      'widgets.two.offerTimeout',
      'workStreams.sales.autoCloseAfterInactivity',
    ]);
    expect(() => readSettings(json)).toThrow(
      /widgets\.two\.offerTimeout: is "1 h"; it must lie between 10 s and 10 min/u,
    );
  });

  test('hears of what is wrong between settings though others are wrong by themselves, unless they have a part in it', () => {
    const wrong = {
      offerTimeout: 'soon',
      wrapUp: '2 h',
      wrapUpSlot: '30 min',
      previousAgentWindow: '30 min',
    };
    expect(faultsOf(given(wrong)).map(({ setting }) => setting)).toEqual([
      'widgets.chat.offerTimeout',
      'widgets.chat.wrapUp',
      'widgets.chat.previousAgentWindow',
    ]);
    expect(faultsOf(given({ title: 7, workStream: 'nowhere' })).map(({ setting }) => setting)).toEqual([
      'widgets.chat.title',
      'widgets.chat.workStream',
    ]);
  });

  test.each([['constructor'], ['__proto__'], ['toString'], ['nowhere']])(
    'hears that there is no work stream %j',
    (workStream) => {
      expect(faultsOf(given({ workStream }))).toEqual([
        faulty('workStream', `there is no work stream "${workStream}"`),
      ]);
    },
  );

  test.each([['Bad Name'], ['__proto__x'], ['1st'], ['']])('hears what a name may be, not %j', (id) => {
    const json = {
      company: 'C',
      workStreams: { support: {} },
      widgets: { [id]: { title: 'T', workStream: 'support' } },
    };
    expect(faultsOf(json)).toEqual([
      { setting: `widgets.${id}`, rule: expect.stringContaining('1 to 40 of a-z, 0-9 and -') as string },
    ]);
  });

  test.each([
    [undefined],
    [null],
    [7],
    ['text'],
    [[]],
    [{}],
    [{ company: 'C', workStreams: {}, widgets: {} }],
  ])('who gives %j hears what is needed', (json) => {
    expect(faultsOf(json).length).toBeGreaterThan(0);
  });

  test('never loses an earlier widget order: the first serves whoever names none', () => {
    const widgets = { z: { title: 'Z', workStream: 's' }, a: { title: 'A', workStream: 's' } };
    expect(
      readSettings({ company: 'C', workStreams: { s: {} }, widgets }).widgets.map(({ id }) => id),
    ).toEqual(['z', 'a']);
  });
});
