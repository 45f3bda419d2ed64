import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/session/hours.ts';
import { mayLeaveMessage } from '../../src/session/message.ts';
import { RECOMMENDED, type Rules } from '../../src/session/rules.ts';
import {
  comesBack,
  conversation,
  held,
  HOUR,
  inLine,
  messageLeft,
  MIN,
  shapes,
  story,
  waitsForAnna,
} from './given.ts';
import { pausedByCustomer, START, type Story } from './given.ts';

/** Open from nine to noon in Berlin: at the start it is ten there. */
const mornings: Partial<Rules> = {
  hours: {
    timeZone: 'Europe/Berlin',
    week: Array.from({ length: 7 }, (): readonly Span[] => [{ from: 9 * 60, to: 12 * 60 }]),
    holidays: {},
  },
};
const may = (s: Story, over: Partial<Rules> = {}) =>
  mayLeaveMessage(s.session(), s.now(), { ...RECOMMENDED, ...over });
const offers = (s: Story) => s.does({ type: 'offerMessage' });
const types = (s: Story) => s.answer().events.map(({ type }) => type);
const eva = { kind: 'signedIn', issuer: 'https://shop.example' } as const;

describe('a customer may leave a message', () => {
  it('once they were told that nobody is free or on, or after hours, and when they come back to one', () => {
    expect(may(inLine())).toBe(false);
    expect(may(inLine().after(10 * MIN))).toBe(true);
    expect(may(offers(inLine()))).toBe(true);
    expect(may(inLine(mornings), mornings)).toBe(false);
    expect(may(inLine(mornings).after(3 * HOUR), mornings)).toBe(true);
    expect(may(messageLeft())).toBe(false);
    expect(may(messageLeft().after(MIN).does(comesBack()))).toBe(true);
  });

  it('in line only', () => {
    const others = Object.entries(shapes).filter(([name]) => !name.includes('in line'));
    expect(others.map(([, shape]) => may(shape().unnoticed(5 * HOUR), mornings))).toEqual(
      others.map(() => false),
    );
    expect(story().does({ type: 'leaveMessage' }).answer().refused?.kind).toBe('notNow');
    expect(messageLeft().does({ type: 'leaveMessage' }).answer().refused?.kind).toBe('already');
  });

  it('and comes to its answer by prompt where they are known and asked, else by link or code', () => {
    const way = (over: Partial<Rules>, signedIn: boolean) => {
      const s = inLine(over).after(10 * MIN);
      if (signedIn) s.does({ type: 'identify', subject: eva });
      return s.does({ type: 'leaveMessage' }).answer().events;
    };
    expect(way({}, true)).toMatchObject([{ way: 'prompt' }]);
    expect(way({}, false)).toMatchObject([{ way: 'link' }]);
    expect(way({ promptAudience: 'anyone' }, false)).toMatchObject([{ way: 'prompt' }]);
    expect(way({ promptAudience: 'nobody' }, true)).toMatchObject([{ way: 'link' }]);
  });
});

describe('that nobody is on', () => {
  it('is told once, while it is open, to who waits in line', () => {
    expect(types(offers(inLine()))).toEqual(['queueLimitPassed']);
    expect(offers(offers(inLine())).answer()).toEqual({ events: [] });
    expect(offers(inLine().after(10 * MIN)).answer()).toEqual({ events: [] });
    expect(types(offers(inLine(mornings)))).toEqual(['queueLimitPassed']);
    const closed = inLine(mornings).after(3 * HOUR);
    expect(offers(closed).answer()).toEqual({ events: [] });
    for (const s of [messageLeft(), held(), story()]) expect(offers(s).answer()).toEqual({ events: [] });
  });
});

describe('when we open', () => {
  const told = (s: Story) => s.notices().filter(({ code }) => code === 'outsideHours');

  it('is told to who comes back after hours to wait, and to nobody who only was here already', () => {
    const waits = waitsForAnna({
      ...mornings,
      previousAgentWindowMs: 10 * HOUR,
      reconnectLimitMs: 20 * HOUR,
    });
    expect(told(waits)).toEqual([]);
    expect(told(waits.after(3 * HOUR))).toEqual([]);
    expect(told(waits.does(comesBack({ agentHere: false, conversation: conversation('c3') })))).toHaveLength(
      1,
    );
    const back = pausedByCustomer(mornings)
      .after(3 * HOUR)
      .does(comesBack());
    expect(told(back)).toHaveLength(1);
    expect(told(back.after(MIN).does(comesBack()))).toEqual([]);
    const resumed = held({ ...mornings, previousAgentWindowMs: 10 * HOUR, reconnectLimitMs: 20 * HOUR });
    expect(told(resumed.after(3 * HOUR).does(comesBack()))).toEqual([]);
  });

  it('is told to nobody where nobody says when, or where it never is', () => {
    const never = { hours: { timeZone: 'UTC', week: [], holidays: {} } };
    expect(told(story(never).does({ type: 'handoff' }))).toEqual([]);
    expect(told(story().does({ type: 'handoff' }))).toEqual([]);
    expect(types(story(never).does({ type: 'handoff' }))).toEqual(['queued']);
  });

  it('is told anew on the next evening to who still stands in line', () => {
    const s = inLine(mornings);
    const first = told(s.after(3 * HOUR));
    expect(first).toMatchObject([{ params: { opensAt: START + 23 * HOUR } }]);
    expect(told(s.after(21 * HOUR))).toEqual([]);
    expect(told(s.after(3 * HOUR))).toMatchObject([{ params: { opensAt: START + 47 * HOUR } }]);
  });
});
