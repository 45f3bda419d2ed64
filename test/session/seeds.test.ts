import { describe, expect, it } from 'vitest';
import type { AgentAct } from '../../src/session/command.ts';
import type { Rules } from '../../src/session/rules.ts';
import type { Session } from '../../src/session/session.ts';
import { slotOf } from '../../src/session/slots.ts';
import { chooseReturn, type Candidate } from '../../src/session/which.ts';
import { anna, ben, comesBack, conversation, ended, held, HOUR, inLine, lapsed, left, MIN } from './given.ts';
import { pausedByCustomer, setAside, setAsideAndGone, sid, START, withAnna } from './given.ts';

describe('Seed A: reconnecting to a previous chat session', () => {
  it('A5, A23, row 25: whoever comes back within the window is with the same agent at once', () => {
    const s = held()
      .after(9 * MIN)
      .does(comesBack());
    expect(s.session()).toMatchObject({ status: 'active', owner: anna, conversation: 'c2' });
  });

  it('A10: the link takes them right back, in another browser and without a prompt', () => {
    const s = held()
      .after(MIN)
      .does(comesBack({ way: 'link', conversation: conversation('other browser') }));
    expect(s.session()).toMatchObject({ status: 'active', owner: anna, conversation: 'other browser' });
  });

  it('A25, row 27: during the window the capacity of the agent is blocked', () => {
    const s = held();
    expect(slotOf(s.session())).toStrictEqual({ agent: anna.id, kind: 'held', until: s.now() + 10 * MIN });
    expect(slotOf(s.after(10 * MIN - 1).session())?.kind).toBe('held');
    expect(slotOf(s.after(1).session())).toBeUndefined();
  });

  it('A26, A34: unless the agent closes, which frees the place and ends the way back', () => {
    const s = held().does({ type: 'close', by: 'agent', agent: anna });
    expect(slotOf(s.session())).toBeUndefined();
    expect(s.does(comesBack()).answer().refused).toMatchObject({ kind: 'over', status: 'closed' });
  });

  it('A19: until the reconnect time limit they can come back, at the limit no more', () => {
    const justInTime = held()
      .unnoticed(20 * MIN - 1)
      .does(comesBack());
    expect(justInTime.session().status).toBe('resuming');
    const tooLate = held()
      .unnoticed(20 * MIN)
      .does(comesBack());
    expect(tooLate.answer()).toMatchObject({
      events: [{ type: 'holdEnded' }, { type: 'expired' }],
      refused: { kind: 'over' },
    });
    expect(tooLate.session()).toMatchObject({ status: 'expired', was: 'disconnected' });
  });

  it('A32: after the window they come back to the session, and the same agent is asked', () => {
    const s = lapsed().does(comesBack());
    expect(s.session()).toMatchObject({ status: 'resuming', asked: anna, offeredUntil: s.now() + MIN });
    expect(slotOf(s.session())).toBeUndefined();
  });

  it('A24, row 26: a window as long as the limit holds the agent to the very end', () => {
    const s = held({ previousAgentWindowMs: 20 * MIN });
    expect(
      s
        .unnoticed(20 * MIN - 1)
        .does(comesBack())
        .session().status,
    ).toBe('active');
    const over = held({ previousAgentWindowMs: 20 * MIN }).after(20 * MIN);
    expect(over.answer().events.map(({ type }) => type)).toStrictEqual(['expired']);
  });

  it('A30: where a closed window means the end, a customer who closed it has no way back', () => {
    const s = left(withAnna({ closedWindow: 'end' }), 'closedWindow');
    expect(s.session()).toMatchObject({ status: 'closed', by: 'customer' });
    expect(left(withAnna({ closedWindow: 'end' }), 'silent').session().status).toBe('disconnected');
  });

  it('A22, row 53: a customer who owes the answer for the auto-close time is closed out, one who waits for it is not', () => {
    expect(
      withAnna()
        .after(20 * MIN - 1)
        .session().status,
    ).toBe('active');
    expect(
      withAnna()
        .after(20 * MIN)
        .session(),
    ).toMatchObject({ status: 'expired', was: 'active' });
    expect(
      withAnna()
        .said('customer')
        .after(72 * HOUR)
        .session().status,
    ).toBe('active');
  });
});

describe('Seed B: resuming a suspended chat session', () => {
  const acts: readonly AgentAct[] = ['message', 'canned', 'link', 'page', 'file', 'comment', 'conference'];
  it.each(acts)('B5, B6, rows 41, 42: performing any operation resumes it: %s', (act) => {
    const s = setAside().after(HOUR).does({ type: 'agentActs', agent: anna, act });
    expect(s.answer().events).toMatchObject([{ type: 'resumed', by: anna, implied: true }]);
    expect(s.session()).toMatchObject({ status: 'active', owner: anna });
  });

  it('B4, row 37: an agent sets a chat aside and takes it up again; nobody else can', () => {
    const s = withAnna().does({ type: 'suspend', by: 'agent', agent: ben });
    expect(s.answer().refused).toStrictEqual({ kind: 'notYours' });
    const aside = s.does({ type: 'suspend', by: 'agent', agent: anna, reason: 'Investigation' });
    expect(aside.session()).toMatchObject({
      status: 'suspended',
      by: 'agent',
      suspendReason: 'Investigation',
    });
    expect(aside.does({ type: 'resume', agent: anna }).session()).toMatchObject({
      status: 'active',
      owner: anna,
    });
  });

  it('B7, row 43: Resume Session resumes it explicitly', () => {
    const s = setAside().does({ type: 'resume', agent: anna });
    expect(s.answer().events).toMatchObject([{ type: 'resumed', implied: false }]);
  });

  it('B8, B9, B10, rows 44, 45: a visitor who reconnects is routed to its agent, who must resume', () => {
    const s = setAsideAndGone().after(HOUR).does(comesBack());
    expect(s.session()).toMatchObject({ status: 'suspended', owner: anna, customerBackAt: s.now() });
    expect(s.told()).toStrictEqual(['agent: customerBack', 'customer: waitingForResume']);
    expect(s.does({ type: 'resume', agent: ben }).answer().refused).toStrictEqual({ kind: 'notYours' });
    expect(s.does({ type: 'agentActs', agent: anna, act: 'message' }).session().status).toBe('active');
  });

  it('B12: a visitor who clicks Suspend can reconnect to the same session for as long as it lasts', () => {
    const s = pausedByCustomer();
    expect(slotOf(s.session())).toStrictEqual({ agent: anna.id, kind: 'held', until: s.now() + 10 * MIN });
    const back = s.after(23 * HOUR).does(comesBack());
    expect(back.session()).toMatchObject({ status: 'suspended', owner: anna, customerBackAt: back.now() });
  });

  it('B13, row 40: closing the chat window counts as Suspend where it is so set', () => {
    const s = left(withAnna({ closedWindow: 'suspend' }), 'closedWindow');
    expect(s.session()).toMatchObject({ status: 'suspended', by: 'customer', owner: anna });
  });

  it('B27: a session that expired before it was resumed refuses, so that a new one is made', () => {
    const s = setAsideAndGone()
      .unnoticed(25 * HOUR)
      .does(comesBack());
    expect(s.session()).toMatchObject({ status: 'expired', was: 'suspended' });
    expect(s.answer().refused).toMatchObject({ kind: 'over', status: 'expired' });
  });

  const one = (name: string, session: Session, minute: number): Candidate => ({
    ...{ sid: sid(name), status: session.status, openedAt: START + minute * MIN, lastAt: START + HOUR },
    ...(session.status === 'suspended' && { suspendedAt: session.suspendedAt }),
  });

  it('Scenario 1 (B15–B17): already in a session, Yes goes on in it, No leaves it as it is beside a new one', () => {
    const s = withAnna();
    expect(chooseReturn([one('first', s.session(), 0)]).first?.sid).toBe(sid('first'));
    const yes = s.does(comesBack({ conversation: conversation('new window') }));
    expect(yes.session()).toMatchObject({ status: 'active', owner: anna, conversation: 'new window' });
    const no = withAnna().does({ type: 'startFresh', mode: 'release' });
    expect(no.answer()).toStrictEqual({ events: [] });
  });

  it('Scenario 2 (B18, B19): two sessions and a restart, Yes reconnects to the second', () => {
    const two = [one('first', held().session(), 0), one('second', held().session(), 5)];
    expect(chooseReturn(two).first?.sid).toBe(sid('second'));
    expect(chooseReturn(two).others.map((other) => other.sid)).toStrictEqual([sid('first')]);
  });

  it('Scenario 3 (B21, B22): the first was suspended, Yes reconnects to the first', () => {
    const two = [one('first', pausedByCustomer().session(), 0), one('second', held().session(), 5)];
    expect(chooseReturn(two).first?.sid).toBe(sid('first'));
  });

  it('as Talisma had it: waiting is always and only for its agent', () => {
    const talisma: Partial<Rules> = { suspendedReturn: 'wait', closedWindow: 'suspend', startFresh: 'keep' };
    const s = setAsideAndGone(talisma).does(comesBack({ want: 'anyone', agentHere: false }));
    expect(s.session()).toMatchObject({ status: 'suspended', owner: anna, customerBackAt: s.now() });
  });

  it('two agents click at once, one has it and the other is told who', () => {
    const s = inLine().does({ type: 'accept', agent: anna }).does({ type: 'accept', agent: ben });
    expect(s.answer().refused).toStrictEqual({ kind: 'taken', by: anna });
  });

  it('a closed session can be taken back by its last agent while they wrap up, once', () => {
    const back = { type: 'takeBack', agent: anna, followUp: sid('second') } as const;
    const s = ended().unnoticed(15 * MIN - 1);
    expect(s.does({ ...back, agent: ben }).answer().refused).toStrictEqual({ kind: 'notYours' });
    expect(s.does(back).session()).toMatchObject({ status: 'closed', followedBy: sid('second') });
    expect(s.does(back).answer().refused).toStrictEqual({ kind: 'already', status: 'closed' });
    expect(
      ended()
        .unnoticed(15 * MIN)
        .does(back)
        .answer().refused?.kind,
    ).toBe('tooLate');
  });
});
