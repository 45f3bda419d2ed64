import { describe, expect, it } from 'vitest';
import { slotOf } from '../../src/session/slots.ts';
import { anna, ben, comesBack, conversation, held, HOUR, inLine, lapsed, left, MIN, START } from './given.ts';
import { pausedByCustomer, setAside, waitsForAnna, withAnna } from './given.ts';

describe('a customer who drops', () => {
  it('is promised the hold and the time to return from when they were noticed gone', () => {
    const s = withAnna().after(MIN);
    s.does({ type: 'customerLeft', cause: 'phone', at: s.now() - 5000 });
    const goneAt = s.now() - 5000;
    expect(s.session()).toMatchObject({
      status: 'disconnected',
      was: 'held',
      owner: anna,
      cause: 'phone',
      goneAt,
    });
    expect(s.session()).toMatchObject({ agentHeldUntil: goneAt + 10 * MIN, returnUntil: goneAt + 20 * MIN });
  });

  it('is not gone when they spoke, or came back, after they were missed', () => {
    const spoke = withAnna().after(MIN).said('customer');
    const missed = { type: 'customerLeft', cause: 'silent', at: spoke.now() - 1 } as const;
    expect(spoke.does(missed).answer()).toStrictEqual({ events: [] });
    const back = held().after(MIN).does(comesBack());
    expect(back.does({ ...missed, at: back.now() - 1 }).answer()).toStrictEqual({ events: [] });
  });

  it('and is noticed twice has gone once', () => {
    expect(left(held().after(MIN)).answer()).toStrictEqual({ events: [] });
  });

  it('heals by speaking in the same conversation: same agent, nothing said to them about it', () => {
    const s = held().after(30_000);
    const { epoch } = s.session();
    s.does({ type: 'customerSays', conversation: conversation('c1'), agentHere: true });
    expect(s.session()).toMatchObject({ status: 'active', owner: anna, since: s.now(), epoch });
    expect(s.told()).toStrictEqual(['agent: customerBack']);
  });

  it('starts the silence anew when they return', () => {
    const s = held()
      .after(9 * MIN)
      .does(comesBack());
    expect(s.after(20 * MIN - 1).session().status).toBe('active');
    expect(s.after(1).session().status).toBe('expired');
  });

  it('goes straight back one millisecond before the hold ends, and is a question to the agent at its end', () => {
    expect(
      held()
        .unnoticed(10 * MIN - 1)
        .does(comesBack())
        .session().status,
    ).toBe('active');
    const s = held()
      .unnoticed(10 * MIN)
      .does(comesBack());
    expect(s.answer().events).toMatchObject([
      { type: 'holdEnded', why: 'lapsed' },
      { type: 'returned' },
      { type: 'offered' },
    ]);
  });

  it('has no hold at all where the window is 0', () => {
    const s = held({ previousAgentWindowMs: 0 });
    expect(s.session()).toMatchObject({ status: 'disconnected', was: 'offered', previous: anna });
    expect(slotOf(s.session())).toBeUndefined();
  });

  it('is never held a place longer than they can come back', () => {
    const s = held({ previousAgentWindowMs: HOUR });
    expect(slotOf(s.session())?.until).toBe(s.now() + 20 * MIN);
  });

  it('finds the agent away within the hold: waits for her, the slot still blocked', () => {
    const s = waitsForAnna();
    expect(s.session()).toMatchObject({ status: 'resuming', asked: anna, offeredUntil: START + 13 * MIN });
    expect(slotOf(s.session())).toStrictEqual({ agent: anna.id, kind: 'held', until: START + 13 * MIN });
    expect(s.told()).toStrictEqual([
      'agent: customerBack',
      'customer: waitingForAway',
      'agent: offeredToYou',
    ]);
    expect(s.does({ type: 'agentActs', agent: anna, act: 'message' }).session().status).toBe('active');
  });

  it('and waits for an away agent in vain goes to the queue at their earlier place, when the hold ends', () => {
    expect(
      waitsForAnna()
        .after(9 * MIN - 1)
        .session().status,
    ).toBe('resuming');
    const s = waitsForAnna().after(9 * MIN);
    expect(s.answer().events).toMatchObject([{ type: 'queued', why: 'agentAway', queuedAt: START + MIN }]);
    expect(slotOf(s.session())).toBeUndefined();
  });

  it('and drops again while waiting for an away agent keeps what is left of the hold', () => {
    const s = left(waitsForAnna().after(MIN));
    expect(s.session()).toMatchObject({ was: 'held', owner: anna, agentHeldUntil: START + 13 * MIN });
    expect(s.session()).toMatchObject({ returnUntil: s.now() + 20 * MIN });
  });

  it('finds the agent away after the hold: queues, and is told why', () => {
    const s = lapsed().does(comesBack({ agentHere: false }));
    expect(s.answer().events).toMatchObject([
      { type: 'returned' },
      { type: 'queued', why: 'agentAway', queuedAt: START + MIN },
    ]);
    expect(s.told()).toContain('both: toQueue');
  });

  it('may have anyone at once, and the agent gets the slot back', () => {
    const s = held().does(comesBack({ want: 'anyone' }));
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + MIN });
    expect(slotOf(s.session())).toBeUndefined();
    expect(s.told()).toStrictEqual(['agent: customerBack', 'both: toQueue']);
  });

  it('whose agent gave the slot back early can still return to them', () => {
    const s = held().does({ type: 'releaseHold', agent: ben });
    expect(s.answer().refused).toStrictEqual({ kind: 'notYours' });
    expect(s.does({ type: 'releaseHold', agent: anna }).session()).toMatchObject({ was: 'offered' });
    expect(s.does({ type: 'releaseHold', agent: anna }).answer().refused?.kind).toBe('notNow');
    expect(s.does(comesBack()).session()).toMatchObject({ status: 'resuming', asked: anna });
  });

  it('loses nothing their agent writes or keeps for them meanwhile, even after the hold', () => {
    for (const s of [held(), lapsed()]) {
      expect(s.does({ type: 'agentActs', agent: anna, act: 'message' }).answer()).toStrictEqual({
        events: [],
      });
      s.does({ type: 'suspend', by: 'agent', agent: anna, backBy: s.now() + 48 * HOUR });
      expect(s.session()).toMatchObject({
        status: 'suspended',
        owner: anna,
        suspendedUntil: s.now() + 48 * HOUR,
      });
      expect(s.session()).not.toHaveProperty('customerBackAt');
    }
  });

  it('is warned before the time to return ends, once, and not when it is over already', () => {
    const s = held();
    expect(s.after(18 * MIN - 1).answer().events).toMatchObject([{ type: 'holdEnded' }]);
    expect(s.after(1).answer().events).toStrictEqual([
      { type: 'warned', at: s.now(), endsAt: s.now() + 2 * MIN },
    ]);
    expect(s.after(MIN).answer().events).toStrictEqual([]);
    expect(
      held()
        .after(HOUR)
        .answer()
        .events.map(({ type }) => type),
    ).toStrictEqual(['holdEnded', 'expired']);
  });

  it('and prefers to start fresh releases the hold, keeps it, or closes, as it is set', () => {
    const release = held().does({ type: 'startFresh', mode: 'release' });
    expect(release.session()).toMatchObject({ status: 'disconnected', was: 'offered' });
    expect(release.told()).toStrictEqual(['agent: holdEnded']);
    expect(held().does({ type: 'startFresh', mode: 'keep' }).answer()).toStrictEqual({ events: [] });
    expect(held().does({ type: 'startFresh', mode: 'close' }).session()).toMatchObject({
      status: 'closed',
      by: 'customer',
    });
    expect(withAnna().does({ type: 'startFresh', mode: 'close' }).session().status).toBe('closed');
    expect(pausedByCustomer().does({ type: 'startFresh', mode: 'release' }).session()).not.toHaveProperty(
      'agentHeldUntil',
    );
  });
});

describe('a silent customer', () => {
  it('is warned with their agent two minutes before the end, and again in a later silence', () => {
    const s = withAnna().after(18 * MIN - 1);
    expect(s.answer().events).toStrictEqual([]);
    expect(s.after(1).told()).toStrictEqual(['both: endsSoon']);
    expect(s.after(1).answer().events).toStrictEqual([]);
    s.said('customer').after(HOUR).said('agent');
    expect(s.after(18 * MIN).told()).toStrictEqual(['both: endsSoon']);
  });

  it('who has the last word waits for the agent, who took it just now, without end', () => {
    const s = inLine().said('customer').after(MIN).does({ type: 'accept', agent: anna });
    expect(s.after(72 * HOUR).session().status).toBe('active');
  });
});

describe('a suspended session', () => {
  it('row 46: frees the slot, or keeps it as long as it lasts, as it is set', () => {
    expect(slotOf(setAside().session())).toBeUndefined();
    const s = setAside({ suspendFreesCapacity: false });
    expect(slotOf(s.session())).toStrictEqual({ agent: anna.id, kind: 'held', until: s.now() + 24 * HOUR });
    s.does({ type: 'editSuspension', agent: anna, backBy: s.now() + 30 * HOUR });
    expect(slotOf(s.session())?.until).toBe(s.now() + 30 * HOUR);
    left(s.after(HOUR));
    expect(slotOf(s.session())?.until).toBe(s.session().status === 'suspended' ? s.now() + 30 * HOUR : 0);
  });

  it('lasts until the agent promised to be back, at most fourteen days', () => {
    const days = 24 * HOUR;
    const s = withAnna();
    const by = (backBy: number) => s.does({ type: 'suspend', by: 'agent', agent: anna, backBy }).answer();
    expect(by(s.now()).refused).toStrictEqual({ kind: 'badBackBy' });
    expect(by(s.now() + 14 * days + 1).refused).toStrictEqual({ kind: 'badBackBy' });
    expect(by(s.now() + 14 * days).events).toMatchObject([{ suspendedUntil: s.now() + 14 * days }]);
    expect(setAside({}, { backBy: START + HOUR }).session()).toMatchObject({
      suspendedUntil: START + 24 * HOUR + 3 * MIN,
    });
  });

  it('is edited by its agent without being resumed or shortened', () => {
    const s = setAside({}, { backBy: START + 48 * HOUR });
    s.does({ type: 'editSuspension', agent: anna, backBy: s.now() + HOUR, reason: 'asks the boss' });
    expect(s.session()).toMatchObject({
      status: 'suspended',
      suspendReason: 'asks the boss',
      backBy: s.now() + HOUR,
    });
    expect(s.session()).toMatchObject({ suspendedUntil: START + 48 * HOUR });
    expect(s.does({ type: 'editSuspension', agent: ben }).answer().refused?.kind).toBe('notYours');
    expect(s.does({ type: 'editSuspension', agent: anna, backBy: s.now() }).answer().refused?.kind).toBe(
      'badBackBy',
    );
  });

  it('never ends while its customer is here and waits', () => {
    const s = setAside().after(100 * HOUR);
    expect(s.session().status).toBe('suspended');
    left(s);
    expect(s.session()).toMatchObject({ suspendedUntil: s.now() + 24 * HOUR });
    expect(s.session()).not.toHaveProperty('customerBackAt');
  });

  it('gives a customer who came back at the last minute and drops again time to return', () => {
    const s = pausedByCustomer()
      .after(24 * HOUR - MIN)
      .does(comesBack())
      .after(HOUR);
    expect(left(s).session()).toMatchObject({ suspendedUntil: s.now() + 20 * MIN });
  });

  it('counts a word of the customer as being back, and still does not resume', () => {
    const s = pausedByCustomer().after(HOUR);
    s.does({ type: 'customerSays', conversation: conversation('c1'), agentHere: true });
    expect(s.session()).toMatchObject({ status: 'suspended', customerBackAt: s.now() });
  });

  it('knows since when its customer waits, whatever browser they change to', () => {
    const s = pausedByCustomer().after(MIN).does(comesBack()).after(HOUR);
    s.does(comesBack({ conversation: conversation('c3') }));
    expect(s.session()).toMatchObject({ conversation: 'c3', customerBackAt: s.now() - HOUR });
  });

  it('holds no slot longer than it lasts', () => {
    const s = pausedByCustomer({ suspendLimitMs: 5 * MIN });
    expect(slotOf(s.session())?.until).toBe(s.now() + 5 * MIN);
  });

  it('resumed while its customer is away is disconnected with fresh clocks', () => {
    const s = pausedByCustomer().after(HOUR).does({ type: 'resume', agent: anna });
    expect(s.answer().events.map(({ type }) => type)).toStrictEqual(['resumed', 'disconnected']);
    expect(s.session()).toMatchObject({
      status: 'disconnected',
      was: 'held',
      owner: anna,
      returnUntil: s.now() + 20 * MIN,
    });
  });

  it('releases a slot held for its customer when the window ends', () => {
    expect(
      slotOf(
        pausedByCustomer()
          .after(10 * MIN - 1)
          .session(),
      )?.kind,
    ).toBe('held');
    expect(
      pausedByCustomer()
        .after(10 * MIN)
        .told(),
    ).toStrictEqual(['agent: holdEnded']);
  });

  it('ends one day later and not a millisecond sooner, both warned before', () => {
    const s = pausedByCustomer().after(24 * HOUR - 2 * MIN);
    expect(s.answer().events.map(({ type }) => type)).toStrictEqual(['holdEnded', 'warned']);
    expect(s.after(2 * MIN - 1).session().status).toBe('suspended');
    expect(s.after(1).session()).toMatchObject({ status: 'expired', was: 'suspended' });
  });

  it('never shortens a longer time to return that was promised before', () => {
    const s = held({ reconnectLimitMs: 72 * HOUR })
      .after(MIN)
      .does({ type: 'suspend', by: 'agent', agent: anna });
    expect(s.session()).toMatchObject({ suspendedUntil: s.now() - MIN + 72 * HOUR });
  });

  it('lets a waiting customer choose anyone, with everything said', () => {
    const s = setAside().does(comesBack({ want: 'anyone', agentHere: false }));
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + MIN, previous: anna });
  });
});
