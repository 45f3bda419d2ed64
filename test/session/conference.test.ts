import { describe, expect, it } from 'vitest';
import type { AgentAct } from '../../src/session/command.ts';
import { slotOf } from '../../src/session/slots.ts';
import {
  agentId,
  anna,
  ben,
  comesBack,
  held,
  inLine,
  left,
  MIN,
  setAside,
  setAsideAndGone,
} from './given.ts';
import { withAnna, withGuest } from './given.ts';

const asksIn = { type: 'invite', agent: anna, guest: ben, here: true } as const;
const benSays = (act: AgentAct) => ({ type: 'agentActs', agent: ben, act }) as const;

describe('row 76: a conference', () => {
  it('a colleague who is asked in and comes is a guest; the owner stays, and no second place is taken', () => {
    const s = withAnna().does(asksIn);
    expect(s.told()).toStrictEqual(['agent: invited']);
    s.does({ type: 'join', agent: ben });
    expect(s.session()).toMatchObject({
      ...{ status: 'active', owner: anna, previous: anna, agents: [anna] },
      guests: [{ ...ben, invitedAt: s.now(), joinedAt: s.now() }],
    });
    expect(slotOf(s.session())).toStrictEqual({ agent: anna.id, kind: 'owned' });
    expect(s.told()).toStrictEqual(['both: guestJoined']);
  });

  it('a guest speaks and remarks, once they have come, and does nothing else', () => {
    expect(withAnna().does(asksIn).does(benSays('message')).answer().refused?.kind).toBe('notYours');
    for (const act of ['message', 'comment', 'canned', 'file'] as const)
      expect(withGuest().does(benSays(act)).answer()).toStrictEqual({ events: [] });
    expect(withGuest().does(benSays('page')).answer().refused?.kind).toBe('notYours');
    const closes = withGuest().does({ type: 'close', by: 'agent', agent: ben });
    expect(closes.answer().refused?.kind).toBe('notYours');
  });

  it('a guest leaves alone, or is asked to leave by the owner; the session goes on', () => {
    const s = withGuest().does({ type: 'leaveConference', agent: ben, guest: ben.id });
    expect(s.session()).toMatchObject({ status: 'active', owner: anna });
    expect(s.session().guests).toBeUndefined();
    expect(s.told()).toStrictEqual(['both: guestLeft']);
    expect(s.does(benSays('message')).answer().refused?.kind).toBe('notYours');
    const shown = withGuest().does({ type: 'leaveConference', agent: anna, guest: ben.id });
    expect(shown.session().guests).toBeUndefined();
    const meddles = withGuest().does({ type: 'leaveConference', agent: ben, guest: anna.id });
    expect(meddles.answer().refused?.kind).toBe('notYours');
  });

  it('the customer hears nothing of an invitation that is turned down', () => {
    const s = withAnna().does(asksIn).does({ type: 'leaveConference', agent: ben, guest: ben.id });
    expect(s.told()).toStrictEqual(['agent: guestLeft']);
  });

  it('who is not here cannot be asked in, and who was not asked cannot come', () => {
    const away = withAnna().does({ ...asksIn, here: false });
    expect(away.answer().refused).toStrictEqual({ kind: 'agentAway', agent: ben });
    expect(withAnna().does({ type: 'join', agent: ben }).answer().refused?.kind).toBe('notYours');
    expect(inLine().does(asksIn).answer().refused?.kind).toBe('notYours');
  });

  it('a colleague who is in it already is not asked in twice', () => {
    expect(withGuest().does(asksIn).answer().refused?.kind).toBe('already');
    expect(withAnna().does(asksIn).does(asksIn).answer().refused?.kind).toBe('already');
    const herself = withAnna().does({ ...asksIn, guest: anna });
    expect(herself.answer().refused?.kind).toBe('already');
    expect(withGuest().does({ type: 'join', agent: ben }).answer().refused?.kind).toBe('already');
  });

  it('who is not in it can neither leave nor be asked to', () => {
    const goes = withAnna().does({ type: 'leaveConference', agent: ben, guest: ben.id });
    expect(goes.answer().refused?.kind).toBe('notYours');
    const shown = withAnna().does({ type: 'leaveConference', agent: anna, guest: ben.id });
    expect(shown.answer().refused?.kind).toBe('already');
  });

  it('of two who are asked in, the one who comes is in it, and the other is not yet', () => {
    const cy = { id: agentId('cy'), name: 'Cy Lund' };
    const s = withAnna()
      .does(asksIn)
      .does({ ...asksIn, guest: cy })
      .does({ type: 'join', agent: ben });
    expect(s.session().guests).toStrictEqual([
      { ...ben, invitedAt: s.now(), joinedAt: s.now() },
      { ...cy, invitedAt: s.now() },
    ]);
  });

  it('of two guests the one who leaves goes, and the other stays', () => {
    const cy = { id: agentId('cy'), name: 'Cy Lund' };
    const s = withGuest()
      .does({ ...asksIn, guest: cy })
      .does({ type: 'join', agent: cy });
    s.does({ type: 'leaveConference', agent: ben, guest: ben.id });
    expect(s.session().guests).toMatchObject([cy]);
    expect(s.session().asides).toStrictEqual([ben, cy]);
  });

  it('a guest speaks on while the customer is away', () => {
    expect(left(withGuest()).does(benSays('message')).answer()).toStrictEqual({ events: [] });
  });

  it('guests stay through a drop and a suspension, and go with the end', () => {
    const s = left(withGuest()).after(MIN).does(comesBack());
    expect(s.session().guests).toHaveLength(1);
    s.does({ type: 'suspend', by: 'agent', agent: anna });
    expect(s.session().guests).toHaveLength(1);
    s.does({ type: 'close', by: 'agent', agent: anna });
    expect(s.session().guests).toBeUndefined();
  });

  it('a guest can be asked in while the customer is away', () => {
    expect(held().does(asksIn).session()).toMatchObject({ status: 'disconnected', guests: [ben] });
  });
});

describe('B6: a conference resumes what is set aside', () => {
  it('by its agent’s invitation, like any act', () => {
    const s = setAside().does(asksIn);
    expect(s.session()).toMatchObject({ status: 'active', owner: anna, guests: [ben] });
    expect(s.told()).toStrictEqual(['both: resumed', 'agent: invited']);
    expect(setAsideAndGone().does(asksIn).session()).toMatchObject({ status: 'disconnected' });
  });

  it('never by what a guest does: their message has to wait, their remark has not', () => {
    const s = withGuest().does({ type: 'suspend', by: 'agent', agent: anna });
    expect(s.does(benSays('message')).answer().refused?.kind).toBe('notNow');
    expect(s.does(benSays('comment')).answer()).toStrictEqual({ events: [] });
    expect(s.session().status).toBe('suspended');
  });
});
