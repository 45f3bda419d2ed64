import { describe, expect, it } from 'vitest';
import { slotOf } from '../../src/session/slots.ts';
import { anna, asked, ben, comesBack, goneFromLine, handingOver, handsTo, handsToQueue } from './given.ts';
import {
  held,
  HOUR,
  inLine,
  lapsed,
  left,
  MIN,
  pausedByCustomer,
  setAside,
  story,
  withAnna,
} from './given.ts';
import { withGuest, type Story } from './given.ts';

const sue = { ...ben, id: anna.id, name: 'Sue Lund' };

describe('row 77: handing a session to a colleague', () => {
  it('who is here is asked, and has the time of an offer to answer; both sides are told', () => {
    const s = handingOver();
    expect(s.session()).toMatchObject({
      ...{ status: 'resuming', asked: ben, offeredUntil: s.now() + MIN, previous: anna },
      ...{ from: anna, note: 'needs a second look' },
    });
    expect(s.told()).toStrictEqual(['both: handingOver']);
  });

  it('who hands over gives the place up at once; who accepts takes it, and is the previous agent from then on', () => {
    const s = handingOver();
    expect(slotOf(s.session())).toBeUndefined();
    s.does({ type: 'accept', agent: ben });
    expect(s.session()).toMatchObject({ status: 'active', owner: ben, previous: ben, agents: [anna, ben] });
    expect(slotOf(s.session())).toStrictEqual({ agent: ben.id, kind: 'owned' });
    left(s.after(MIN)).after(10 * MIN);
    expect(s.does(comesBack()).session()).toMatchObject({ status: 'resuming', asked: ben });
  });

  it('who says no sends it to the line, at its earlier place, and everybody learns who passed', () => {
    const { queuedAt } = inLine().session();
    const s = handingOver().does({ type: 'decline', agent: ben, reason: 'speaks no French' });
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt, previous: anna });
    expect(s.told()).toStrictEqual(['agent: declined', 'both: toQueue']);
  });

  it('who does not answer sends it to the line, at its earlier place', () => {
    const { queuedAt } = inLine().session();
    const s = handingOver().after(MIN);
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt });
    expect(s.told()).toStrictEqual(['both: toQueue']);
  });

  it.each([
    ['says no', (s: Story) => s.does({ type: 'decline', agent: ben }), [ben.id, anna.id]],
    ['does not answer', (s: Story) => s.after(MIN), [ben.id, anna.id]],
    [
      'may not take it any more',
      (s: Story) => s.does({ type: 'agentNoticed', agent: ben.id, aliveAt: 0, absent: 'notPermitted' }),
      [anna.id],
    ],
  ])(
    'who handed it on is not asked again at once when their colleague %s, but may take it',
    (_, passes, passed) => {
      const s = passes(handingOver());
      expect(s.session()).toMatchObject({ status: 'queued', declinedBy: passed });
      expect(s.does({ type: 'accept', agent: anna }).session()).toMatchObject({
        status: 'active',
        owner: anna,
      });
    },
  );

  it('who is not here is not asked: the agent keeps the session and is told why', () => {
    const s = withAnna().does(handsTo(ben, { here: false }));
    expect(s.answer().refused).toStrictEqual({ kind: 'agentAway', agent: ben });
    expect(s.session()).toMatchObject({ status: 'active', owner: anna });
  });

  it('only its agent hands it on, or a supervisor for them', () => {
    expect(
      withAnna()
        .does(handsTo(anna, { agent: ben }))
        .answer().refused?.kind,
    ).toBe('notYours');
    expect(withAnna().does(handsTo(anna)).answer().refused?.kind).toBe('already');
    const s = withAnna().does(handsTo(ben, { agent: sue, by: 'supervisor' }));
    expect(s.session()).toMatchObject({ status: 'resuming', asked: ben, from: sue });
    expect(
      story()
        .does(handsTo(ben, { by: 'supervisor' }))
        .answer().refused?.kind,
    ).toBe('notNow');
  });

  it('a customer who leaves meanwhile comes back to the agent they had', () => {
    const s = left(handingOver());
    expect(s.session()).toMatchObject({ status: 'disconnected', was: 'offered', previous: anna });
    const paused = handingOver().does({ type: 'suspend', by: 'customer' });
    expect(paused.session()).toMatchObject({ status: 'suspended', owner: anna });
  });

  it('a customer nobody had yet keeps their place when they leave while a supervisor’s choice is asked', () => {
    const s = left(inLine().does(handsTo(ben, { agent: sue, by: 'supervisor' })));
    expect(s.session()).toMatchObject({ status: 'disconnected', was: 'queued' });
  });

  it('who is being asked can pass the question on', () => {
    const s = asked().does(handsTo(ben));
    expect(s.session()).toMatchObject({ status: 'resuming', asked: ben, from: anna, previous: anna });
  });
});

describe('row 77: handing on what a customer is away from', () => {
  it('a kept place moves to the new agent, under the promises made to the customer', () => {
    const before = held().session();
    const s = held().does(handsTo(ben));
    if (before.status !== 'disconnected' || before.was !== 'held') throw new Error('The slot is not held');
    expect(s.session()).toMatchObject({
      ...{ status: 'disconnected', was: 'held', owner: ben, previous: ben },
      ...{ agentHeldUntil: before.agentHeldUntil, returnUntil: before.returnUntil },
    });
    expect(slotOf(s.session())?.agent).toBe(ben.id);
    expect(s.session().epoch).toBe(before.epoch + 1);
    expect(s.told()).toStrictEqual(['both: transferred']);
    expect(s.does(comesBack()).session()).toMatchObject({ status: 'active', owner: ben });
  });

  it('after the hold the new agent is asked first on return', () => {
    const s = lapsed().does(handsTo(ben)).does(comesBack());
    expect(s.session()).toMatchObject({ status: 'resuming', asked: ben, previous: ben });
  });

  it('what is set aside stays set aside, with the new agent', () => {
    const before = pausedByCustomer().session();
    const s = pausedByCustomer().does(handsTo(ben));
    expect(s.session()).toMatchObject({
      ...{ status: 'suspended', owner: ben, previous: ben, by: 'customer' },
      epoch: before.epoch + 1,
    });
    expect(slotOf(s.session())).toMatchObject({ agent: ben.id, kind: 'held' });
    expect(s.does({ type: 'resume', agent: anna }).answer().refused?.kind).toBe('notYours');
  });

  it('what is set aside while its customer waits is asked of the new agent at once', () => {
    expect(setAside().does(handsTo(ben)).session()).toMatchObject({ status: 'resuming', asked: ben });
  });

  it('what is set aside goes to a line without losing a minute of the time to come back', () => {
    const s = pausedByCustomer();
    const before = s.session();
    if (before.status !== 'suspended') throw new Error('It is not set aside');
    s.does(handsToQueue('returns'));
    expect(s.session()).toMatchObject({
      ...{ status: 'disconnected', was: 'queued', stream: 'returns', formerStreams: ['sales'] },
      ...{ returnUntil: before.suspendedUntil, queuedAt: before.queuedAt, declinedBy: [anna.id] },
    });
    expect(
      s
        .after(23 * HOUR)
        .does(comesBack())
        .session(),
    ).toMatchObject({ status: 'queued' });
  });
});

describe('row 77: handing a session to a line', () => {
  it('it keeps its earlier place in another work stream, and is not asked of who passed it on', () => {
    const s = withAnna().does(handsToQueue('returns'));
    expect(s.session()).toMatchObject({
      ...{ status: 'queued', stream: 'returns', formerStreams: ['sales'], declinedBy: [anna.id] },
      queuedAt: inLine().session().queuedAt,
    });
    expect(s.told()).toStrictEqual(['both: toQueue']);
    expect(slotOf(s.session())).toBeUndefined();
  });

  it('moved there and back it knows each line it stood in once', () => {
    const s = withAnna().does(handsToQueue('returns')).does({ type: 'accept', agent: ben });
    s.does(handsToQueue('sales', ben));
    expect(s.session()).toMatchObject({ stream: 'sales', formerStreams: ['returns'] });
  });

  it('a supervisor moves what waits, or is gone from a line, without passing on it', () => {
    const to = { kind: 'queue', stream: 'returns' } as const;
    const moved = inLine().does({ type: 'transfer', agent: sue, by: 'supervisor', to });
    expect(moved.session()).toMatchObject({ status: 'queued', stream: 'returns', declinedBy: [] });
    const gone = goneFromLine().does({ type: 'transfer', agent: sue, by: 'supervisor', to });
    expect(gone.session()).toMatchObject({ status: 'disconnected', was: 'queued', stream: 'returns' });
  });

  it('links given earlier stay good', () => {
    const s = withAnna().does({ type: 'revokeLinks', by: 'agent', agent: anna });
    expect(s.does(handsToQueue('returns')).session().linkFamily).toBe(1);
  });

  it('a conference ends with it', () => {
    expect(withGuest().does(handsToQueue('returns')).session().guests).toBeUndefined();
    const taken = withGuest().does(handsTo(ben)).does({ type: 'accept', agent: ben });
    expect(taken.session().guests).toBeUndefined();
  });
});
