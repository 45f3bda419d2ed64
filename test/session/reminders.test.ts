import { describe, expect, test } from 'vitest';
import { anna, ben, comesBack, HOUR, left, MIN, setAside, START, withAnna, withGuest } from './given.ts';
import type { Story } from './given.ts';

const acts = (story: Story, act: 'message' | 'comment'): Story =>
  story.does({ type: 'agentActs', agent: anna, act }).said('agent');
const owed = (): Story => withAnna().after(MIN).said('customer');

describe('row 73: an agent whose customer waits for an answer', () => {
  test('is reminded after five minutes, once, and supervisors are told after ten', () => {
    const s = owed();
    expect(s.after(5 * MIN - 1).told()).toEqual([]);
    expect(s.after(1).told()).toEqual(['agent: answerOwed']);
    expect(s.session()).toMatchObject({ status: 'active', remindedAt: s.now() });
    expect(s.after(4 * MIN).told()).toEqual([]);
    expect(s.after(MIN).told()).toEqual(['agent: answerOverdue']);
    expect(s.session()).toMatchObject({ overdueAt: s.now() });
    expect(s.after(HOUR).told()).toEqual([]);
  });

  test('is reminded by the customer’s first word, however often they write since', () => {
    const s = owed()
      .after(3 * MIN)
      .said('customer')
      .after(2 * MIN);
    expect(s.told()).toEqual(['agent: answerOwed']);
    expect(
      s
        .said('customer')
        .after(4 * MIN)
        .told(),
    ).toEqual([]);
  });

  test('owes nothing more once they answered, and is reminded anew of the next word', () => {
    const s = acts(owed().after(5 * MIN), 'message');
    expect(s.session()).not.toHaveProperty('remindedAt');
    expect(s.after(10 * MIN).told()).toEqual([]);
    expect(
      s
        .said('customer')
        .after(5 * MIN)
        .told(),
    ).toEqual(['agent: answerOwed']);
  });

  test('has not answered with a comment', () => {
    const s = owed()
      .after(5 * MIN)
      .does({ type: 'agentActs', agent: anna, act: 'comment' });
    expect(s.session()).toHaveProperty('remindedAt');
    expect(s.after(5 * MIN).told()).toEqual(['agent: answerOverdue']);
  });

  test('has not answered by asking a colleague in, nor by what a guest may not do', () => {
    const s = owed().after(5 * MIN);
    s.does({ type: 'agentActs', agent: anna, act: 'conference' });
    expect(s.session()).toHaveProperty('remindedAt');
    const page = withGuest()
      .said('customer')
      .after(5 * MIN);
    page.does({ type: 'agentActs', agent: ben, act: 'page' });
    expect(page.answer()).toMatchObject({ events: [], refused: { kind: 'notYours' } });
  });

  test('owes nothing to whom the bot spoke last', () => {
    expect(
      withAnna()
        .said('bot')
        .after(5 * MIN)
        .told(),
    ).toEqual([]);
  });

  test('who was found out late is not reminded of what supervisors hear already', () => {
    expect(owed().after(HOUR).told()).toEqual(['agent: answerOverdue']);
  });
});

describe('N6: a promise to be back', () => {
  const backBy = START + 3 * MIN + HOUR;

  test('is reminded of ten minutes before, once', () => {
    const s = setAside({}, { backBy });
    expect(s.after(50 * MIN - 1).told()).toEqual([]);
    expect(s.after(1).told()).toEqual(['agent: backSoon']);
    expect(s.after(9 * MIN).told()).toEqual([]);
  });

  test('of a few minutes is reminded of halfway', () => {
    const s = setAside({}, { backBy: START + 3 * MIN + 8 * MIN });
    expect(s.after(4 * MIN - 1).told()).toEqual([]);
    expect(s.after(1).told()).toEqual(['agent: backSoon']);
    expect(s.answer().events).toMatchObject([{ about: 'backBy' }]);
  });

  test('that is broken is told to both, and the customer who waits may choose somebody else', () => {
    const s = setAside({}, { backBy });
    s.after(50 * MIN).after(10 * MIN);
    expect(s.told().toSorted()).toEqual(['both: backByMissed', 'customer: waitedInVain']);
    expect(s.session()).toMatchObject({ status: 'suspended', overdueAt: backBy, waitedInVainAt: backBy });
    expect(s.after(HOUR).told()).toEqual([]);
  });

  test('that was broken while the customer was away lets them choose as soon as they are back', () => {
    const s = left(setAside({}, { backBy })).after(2 * HOUR);
    s.does(comesBack()).after(0);
    expect(s.session()).toMatchObject({ status: 'suspended', waitedInVainAt: s.now() });
  });

  test('is no more reminded of, or called broken, once the chat has run out of time', () => {
    const s = left(setAside({}, { backBy }))
      .unnoticed(15 * 24 * HOUR)
      .does({ type: 'tick' });
    expect(s.told()).toEqual(['both: expired']);
  });

  test('that is made anew is reminded of anew', () => {
    const s = setAside({}, { backBy }).after(55 * MIN);
    s.does({ type: 'editSuspension', agent: anna, backBy: s.now() + 2 * HOUR });
    expect(s.session()).not.toHaveProperty('remindedAt');
    expect(s.after(110 * MIN).told()).toEqual(['agent: backSoon']);
  });
});
