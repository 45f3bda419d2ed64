import { describe, expect, it } from 'vitest';
import { evolve, evolveAll } from '../../src/session/evolve.ts';
import { fold } from '../../src/session/fold.ts';
import { noticesOf, noticesOfChange } from '../../src/session/notices.ts';
import { openSession } from '../../src/session/open.ts';
import {
  anna,
  asked,
  comesBack,
  conversation,
  ended,
  goneFromLine,
  held,
  HOUR,
  inLine,
  lapsed,
  left,
  MIN,
} from './given.ts';
import { opening, pausedByCustomer, setAside, START, story, withAnna } from './given.ts';

describe('people are told', () => {
  it('nothing of a chat that only opens', () => {
    expect(noticesOfChange(undefined, [openSession(opening, START)])).toStrictEqual([]);
  });

  it('the line, who joined, and the end', () => {
    expect(story().does({ type: 'handoff' }).told()).toStrictEqual(['customer: queued']);
    expect(inLine().does({ type: 'accept', agent: anna }).told()).toStrictEqual(['customer: joined']);
    expect(ended().told()).toStrictEqual(['both: closed']);
    expect(held().after(HOUR).told()).toStrictEqual(['agent: holdEnded', 'both: expired']);
    expect(inLine().does({ type: 'leaveQueue' }).told()).toStrictEqual(['customer: leftQueue']);
  });

  it('the agent alone, that the customer dropped; nobody, when nobody had them', () => {
    expect(left(withAnna()).told()).toStrictEqual(['agent: customerGone']);
    expect(goneFromLine().told()).toStrictEqual([]);
  });

  it('the agent alone, when a page heals within a minute: flapping is no news to the customer', () => {
    const heals = comesBack({ way: 'heal', conversation: conversation('c1') });
    expect(held().after(MIN).does(heals).told()).toStrictEqual(['agent: customerBack']);
    expect(
      held()
        .after(MIN + 1)
        .does(heals)
        .told(),
    ).toStrictEqual(['agent: customerBack', 'customer: welcomeBack']);
    expect(goneFromLine().after(MIN).does(heals).told()).toStrictEqual([]);
    expect(
      goneFromLine()
        .after(MIN + 1)
        .does(heals)
        .told(),
    ).toStrictEqual(['customer: queued']);
  });

  it('both, when the customer comes back by themselves, however soon', () => {
    expect(
      held()
        .does(comesBack({ way: 'link' }))
        .told(),
    ).toStrictEqual(['agent: customerBack', 'customer: welcomeBack']);
    expect(
      withAnna()
        .does(comesBack({ way: 'link' }))
        .told(),
    ).toStrictEqual(['agent: customerBack', 'customer: welcomeBack']);
    expect(
      withAnna()
        .does(comesBack({ way: 'heal' }))
        .told(),
    ).toStrictEqual([]);
  });

  it('who is asked, that they are; the customer, whom they wait for', () => {
    expect(asked().told()).toStrictEqual(['agent: customerBack', 'customer: asking', 'agent: offeredToYou']);
    expect(pausedByCustomer().told()).toStrictEqual(['both: suspended']);
    expect(setAside().does({ type: 'resume', agent: anna }).told()).toStrictEqual(['both: resumed']);
    const away = pausedByCustomer().does({ type: 'resume', agent: anna });
    expect(away.told()).toStrictEqual(['both: resumed', 'agent: customerGone']);
    const edited = setAside().does({ type: 'editSuspension', agent: anna, reason: 'later' });
    expect(edited.told()).toStrictEqual(['both: suspensionEdited']);
  });

  it('with the particulars a sentence needs, and no empty ones', () => {
    const before = withAnna().session();
    const [gone] = noticesOfChange(before, left(withAnna()).answer().events);
    const goneAt = START + 2 * MIN;
    const params = { cause: 'silent', heldUntil: goneAt + 10 * MIN, returnUntil: goneAt + 20 * MIN };
    expect(gone?.params).toStrictEqual(params);
    const [told] = noticesOfChange(before, setAside().answer().events);
    expect(told?.params).toMatchObject({ by: 'agent', agent: 'Anna Berg', reason: 'asks the depot' });
    const s = lapsed();
    const [, toQueue] = noticesOfChange(s.session(), s.does(comesBack({ agentHere: false })).answer().events);
    expect(toQueue?.params).toStrictEqual({ why: 'agentAway', agent: 'Anna Berg' });
    expect(
      noticesOf(before, { type: 'suspensionEdited', at: 0, suspendedUntil: 0 }, before)[0]?.params,
    ).toStrictEqual({});
  });
});

describe('a stored session', () => {
  const open = openSession(opening, START);

  it('begins with the bot, at version 1 and epoch 1', () => {
    const first = evolveAll(undefined, [open]);
    expect(first).toStrictEqual({
      ...opening,
      status: 'bot',
      openedAt: START,
      since: START,
      ver: 1,
      epoch: 1,
      agents: [],
    });
    expect(evolveAll(first, [])).toBe(first);
  });

  it('cannot begin otherwise, and cannot be rebuilt from a torn audit', () => {
    expect(() => evolve(undefined, { type: 'expired', at: 0 })).toThrow('begins with opened');
    expect(() => evolveAll(undefined, [])).toThrow('begins with opened');
    expect(() => fold([])).toThrow('empty');
    expect(() => fold(held().audit().toSpliced(1, 1))).toThrow('broken at version 3');
  });

  it('is left alone by events that do not fit it', () => {
    const { events } = asked().answer();
    const line = inLine().session();
    expect(evolve(line, open)).toBe(line);
    expect(evolve(line, { type: 'resumed', at: 0, by: anna, implied: false })).toBe(line);
    expect(evolve(line, events[1]!)).toBe(line);
    expect(evolve(withAnna().session(), { type: 'accepted', at: 0, owner: anna })).toStrictEqual(
      withAnna().session(),
    );
    expect(evolve(story().session(), { type: 'warned', at: 0, endsAt: 1 })).toStrictEqual(story().session());
    for (const over of [ended().session(), held().after(HOUR).session()])
      for (const event of held()
        .audit()
        .flatMap((record) => record.events))
        expect(evolve(over, event)).toBe(over);
  });
});
