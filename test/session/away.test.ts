import { describe, expect, it } from 'vitest';
import { lapse, nextDeadline } from '../../src/session/time.ts';
import { RECOMMENDED } from '../../src/session/rules.ts';
import { anna, asked, ben, comesBack, conversation, ended, givenLink, held, HOUR, inLine } from './given.ts';
import {
  lapsed,
  left,
  messageLeft,
  MIN,
  pausedByCustomer,
  setAside,
  setAsideAndGone,
  START,
} from './given.ts';
import { story, timedOut, waitsForAnna, withAnna, type Story } from './given.ts';

const c1 = conversation('c1');
const types = (s: Story) => s.answer().events.map(({ type }) => type);
const goneAt = (s: Story, at: number) => s.does({ type: 'customerLeft', cause: 'silent', at });

describe('a customer who was seen since', () => {
  it('has not left by what was noticed before: in a talk, back in line, or back to what is set aside', () => {
    for (const back of [
      withAnna(),
      messageLeft().after(MIN).does(comesBack()),
      setAsideAndGone().after(MIN).does(comesBack()),
    ]) {
      expect(types(goneAt(back, back.now() - 1))).toEqual([]);
      expect(types(goneAt(back, back.now()))).toEqual(['disconnected']);
    }
  });

  it('has not left before their last word', () => {
    const s = withAnna().after(MIN).said('customer');
    expect(types(goneAt(s, s.now() - 1))).toEqual([]);
    expect(types(goneAt(s, s.now()))).toEqual(['disconnected']);
    const theirs = setAside().after(MIN).said('customer');
    expect(types(goneAt(theirs, theirs.now() - 1))).toEqual([]);
    const bot = withAnna().after(MIN).said('agent');
    expect(types(goneAt(bot, bot.now() - 1))).toEqual(['disconnected']);
  });
});

describe('a customer who closes the window where that sets aside', () => {
  const closes = (s: Story) => left(s, 'closedWindow');
  const suspend = { closedWindow: 'suspend' } as const;

  it('has set aside the chat, also while its agent is being asked', () => {
    expect(closes(withAnna(suspend)).session()).toMatchObject({ status: 'suspended', by: 'customer' });
    expect(closes(asked(suspend)).session()).toMatchObject({ status: 'suspended', owner: anna });
    expect(closes(asked()).session()).toMatchObject({ status: 'disconnected', was: 'offered' });
    expect(closes(inLine(suspend)).session()).toMatchObject({ status: 'disconnected', was: 'queued' });
  });

  it('keeps the slot that is blocked for them, to the moment it would have lapsed', () => {
    const until = START + 13 * MIN;
    expect(closes(waitsForAnna(suspend)).session()).toMatchObject({ agentHeldUntil: until });
    expect(closes(lapsed(suspend).does(comesBack())).session()).not.toHaveProperty('agentHeldUntil');
    const s = waitsForAnna().does({ type: 'suspend', by: 'customer' });
    expect(s.session()).toMatchObject({ status: 'suspended', agentHeldUntil: until });
    const early = held().after(MIN).does({ type: 'suspend', by: 'customer' });
    expect(early.session()).toMatchObject({ agentHeldUntil: early.now() + 10 * MIN });
    expect(lapsed().does({ type: 'suspend', by: 'customer' }).session()).not.toHaveProperty('agentHeldUntil');
  });
});

describe('whoever looked after their message and goes again', () => {
  it('may come back to it as long as before, and no less than anybody who is gone', () => {
    const until = (s: Story) =>
      (s.session() as { readonly message?: { readonly until: number } }).message?.until;
    const early = messageLeft().after(MIN).does(comesBack()).after(MIN);
    expect(until(goneAt(early, early.now()))).toBe(until(messageLeft()));
    const late = messageLeft()
      .after(24 * HOUR - 5 * MIN)
      .does(comesBack())
      .after(MIN);
    expect(until(goneAt(late, late.now()))).toBe(late.now() + 20 * MIN);
  });

  it('asks for their place by coming back, not by a page that heals', () => {
    const heals = messageLeft().does(comesBack({ way: 'heal', conversation: c1 }));
    expect(heals.answer()).toEqual({ events: [] });
    expect(types(messageLeft().does(comesBack({ conversation: c1 })))).toEqual(['returned']);
    expect(
      inLine()
        .does(comesBack({ conversation: c1 }))
        .answer(),
    ).toEqual({ events: [] });
    expect(types(inLine().does(comesBack()))).toEqual(['returned']);
  });
});

describe('a customer who is back', () => {
  it('and is here already in what is set aside, changes nothing by asking again', () => {
    expect(
      setAside()
        .does(comesBack({ conversation: c1 }))
        .answer(),
    ).toEqual({ events: [] });
    expect(types(setAside().does(comesBack()))).toEqual(['returned']);
  });

  it('and wants anyone is in line for that very reason, offered to all', () => {
    const anyone = comesBack({ want: 'anyone' });
    for (const s of [setAside(), held(), lapsed(), asked()])
      expect(s.does(anyone).session()).toMatchObject({
        ...{ status: 'queued', queuedAt: START + MIN, declinedBy: [] },
        moved: { why: 'customerChoseAnyone', from: anna },
      });
  });

  it('and starts fresh from what blocks no slot, changes nothing', () => {
    for (const s of [story(), withAnna(), lapsed(), setAsideAndGone()])
      expect(s.does({ type: 'startFresh', mode: 'release' }).answer()).toEqual({ events: [] });
  });
});

describe('a slot that the house needs', () => {
  const frees = (s: Story) => s.does({ type: 'freeHold' });

  it('is freed where its customer is away, and says that others had waited', () => {
    for (const s of [held(), pausedByCustomer()])
      expect(frees(s).answer().events).toMatchObject([{ type: 'holdEnded', why: 'queueTarget' }]);
  });

  it('stays with who waits here, with what its agent set aside, and with who works on it', () => {
    const kept = { suspendFreesCapacity: false };
    const back = pausedByCustomer().after(MIN).does(comesBack());
    for (const s of [back, waitsForAnna(), setAside(kept), setAsideAndGone(kept), withAnna(), lapsed()])
      expect(frees(s).answer()).toEqual({ events: [] });
  });
});

describe('an agent who sets aside', () => {
  const suspends = (s: Story, over: object = {}) =>
    s.does({ type: 'suspend', by: 'agent', agent: anna, ...over });

  it('what they are asked for has taken it, and holds it then', () => {
    expect(types(suspends(asked()))).toEqual(['accepted', 'suspended']);
    expect(suspends(asked()).session()).toMatchObject({ status: 'suspended', customerBackAt: asked().now() });
  });

  it('once more with a link has resumed it meanwhile, by that act', () => {
    const s = suspends(setAside(), { link: givenLink(START) });
    expect(s.answer().events).toMatchObject([
      { type: 'resumed', implied: true },
      { type: 'suspended', customerHere: true },
      { type: 'linkGiven' },
    ]);
    const away = suspends(setAsideAndGone(), { link: givenLink(START) });
    expect(away.answer().events).toMatchObject([{}, { type: 'suspended', customerHere: false }, {}]);
  });

  it('never shortens a time to return that was promised', () => {
    const backBy = START + 72 * HOUR;
    const s = setAsideAndGone().does({ type: 'editSuspension', agent: anna, backBy });
    expect(suspends(s, { link: givenLink(START) }).session()).toMatchObject({ suspendedUntil: backBy });
    const short = held({ suspendLimitMs: MIN });
    expect(suspends(short).session()).toMatchObject({ suspendedUntil: held().now() + 20 * MIN });
  });

  it('is refused where nobody has it, and an edit where nothing is set aside', () => {
    expect(suspends(inLine()).answer().refused?.kind).toBe('notNow');
    expect(inLine().does({ type: 'suspend', by: 'customer' }).answer().refused?.kind).toBe('notNow');
    const edits = withAnna().does({ type: 'editSuspension', agent: anna, reason: 'x' });
    expect(edits.answer().refused?.kind).toBe('notNow');
  });
});

describe('an agent who says Resume', () => {
  const resumes = (s: Story, agent = anna) => s.does({ type: 'resume', agent });

  it('is told what is so already, what is not theirs, and what there is nothing to resume of', () => {
    const kinds = [resumes(withAnna()), resumes(withAnna(), ben), resumes(held()), resumes(inLine())];
    expect(kinds.map((s) => s.answer().refused?.kind)).toEqual(['already', 'notYours', 'notNow', 'notNow']);
  });

  it('while the customer is away finds them gone, silently, with fresh clocks', () => {
    const s = resumes(setAsideAndGone().after(HOUR));
    expect(s.session()).toMatchObject({
      ...{ status: 'disconnected', cause: 'silent', goneAt: s.now(), returnUntil: s.now() + 20 * MIN },
    });
  });
});

describe('what is known of a chat', () => {
  const sessionOf = (s: Story) => s.session();

  it('in line tells why it moved there, where it did', () => {
    expect(sessionOf(inLine())).not.toHaveProperty('moved');
    const back = left(inLine().after(MIN)).after(MIN).does(comesBack());
    expect(sessionOf(back)).toMatchObject({ status: 'queued', queuedAt: START + MIN });
    expect(sessionOf(back)).not.toHaveProperty('moved');
  });

  it('is since when its customer is here, with the bot and with an agent', () => {
    for (const s of [story(), withAnna()]) {
      const back = s.after(3 * MIN).does(comesBack());
      expect(sessionOf(back)).toMatchObject({ since: back.now() });
    }
  });

  it('is that its agent fell silent, though its page heals', () => {
    const s = withAnna().said('customer').after(90_000);
    s.does({ type: 'agentNoticed', agent: anna.id, aliveAt: START });
    expect(sessionOf(s.does(comesBack({ way: 'heal' })))).toMatchObject({ agentSilentAt: s.now() });
  });

  it('is that its customer was warned, when the hold ends after that', () => {
    const s = held({ previousAgentWindowMs: 19 * MIN }).after(18 * MIN);
    const { warnedAt } = sessionOf(s) as { readonly warnedAt?: number };
    expect(warnedAt).toBe(s.now());
    expect(sessionOf(s.after(MIN))).toMatchObject({ was: 'offered', warnedAt });
    expect(s.answer().events.map(({ type }) => type)).toEqual(['holdEnded']);
  });

  it('is left alone as a message while only a page of it heals', () => {
    const s = messageLeft().does(comesBack({ way: 'heal' }));
    expect(types(s)).toEqual(['returned']);
    expect(sessionOf(s)).not.toHaveProperty('message.backAt');
  });

  it('set aside keeps the slot as long as that, where its agent keeps one, and no other', () => {
    const backBy = START + 72 * HOUR;
    const edits = (s: Story) => sessionOf(s.does({ type: 'editSuspension', agent: anna, backBy }));
    expect(edits(setAside({ suspendFreesCapacity: false }))).toMatchObject({ agentHeldUntil: backBy });
    expect(edits(pausedByCustomer())).toMatchObject({ agentHeldUntil: START + 13 * MIN });
    expect(edits(setAside())).not.toHaveProperty('agentHeldUntil');
  });
});

describe('time alone', () => {
  it('does nothing to what is over, or to who has the last word', () => {
    for (const s of [timedOut(), ended(), withAnna().said('customer')])
      expect(lapse(s.session(), s.now(), RECOMMENDED)).toEqual([]);
    expect(nextDeadline(timedOut().session(), RECOMMENDED)).toBeUndefined();
    expect(nextDeadline(story().said('customer').session(), RECOMMENDED)).toBeUndefined();
  });

  it('runs one end and one hold against who is away, and no more', () => {
    const next = (s: Story) => lapse(s.session(), Infinity, RECOMMENDED).map(({ type }) => type);
    expect(next(held())).toEqual(['holdEnded', 'expired']);
    expect(next(lapsed())).toEqual(['expired']);
    expect(next(setAsideAndGone())).toEqual(['expired']);
    expect(next(setAside())).toEqual([]);
  });

  it('warns of no end that is nearer than the warning is early', () => {
    const warnBeforeMs = 5 * MIN;
    const s = held({ warnBeforeMs, reconnectLimitMs: warnBeforeMs });
    expect(s.after(0).told()).toEqual(['both: endsSoon']);
    const none = held({ warnBeforeMs: 0 });
    expect(
      none
        .after(10 * MIN)
        .after(10 * MIN)
        .told(),
    ).toEqual(['both: expired']);
  });
});
