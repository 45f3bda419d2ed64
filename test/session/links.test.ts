import { describe, expect, it } from 'vitest';
import { anna, asked, ben, comesBack, ended, givenLink, held, HOUR, MIN, setAside } from './given.ts';
import { pausedByCustomer, setAsideAndGone, sid, story, withAnna, type Story } from './given.ts';

const gives = (s: Story, agent = anna) => s.does({ type: 'giveLink', agent, link: givenLink(s.now()) });

describe('a reconnect link', () => {
  it('A7, A8, A9: is given by the agent at any time, and everyone is told how long it lasts', () => {
    const s = gives(withAnna());
    expect(s.answer().events).toMatchObject([{ type: 'linkGiven', by: anna, lastsMs: 20 * MIN }]);
    expect(s.told()).toStrictEqual(['both: linkGiven']);
    const gone = gives(held().after(MIN));
    expect(gone.answer().events).toMatchObject([{ type: 'linkGiven', until: gone.now() + 19 * MIN }]);
    expect(gone.session().status).toBe('disconnected');
  });

  it('B5: giving one is an act, and resumes what is set aside', () => {
    const s = gives(setAside());
    expect(s.answer().events).toMatchObject([{ type: 'resumed', implied: true }, { type: 'linkGiven' }]);
    const answered = gives(asked());
    expect(answered.session()).toMatchObject({ status: 'active', owner: anna });
  });

  it('is given by nobody but its agent, and not before there is one', () => {
    expect(gives(withAnna(), ben).answer().refused).toStrictEqual({ kind: 'notYours' });
    expect(gives(story()).answer().refused?.kind).toBe('notNow');
    expect(gives(ended()).answer().refused?.kind).toBe('over');
  });

  it('goes with a suspension in one act, and lasts as long as that', () => {
    const s = withAnna().after(MIN);
    const backBy = s.now() + 48 * HOUR;
    s.does({ type: 'suspend', by: 'agent', agent: anna, backBy, link: givenLink(s.now()) });
    expect(s.answer().events).toMatchObject([
      { type: 'suspended', backBy },
      { type: 'linkGiven', until: backBy },
    ]);
    const again = s.after(MIN).does({ type: 'suspend', by: 'agent', agent: anna, link: givenLink(s.now()) });
    expect(again.answer().events.map(({ type }) => type)).toStrictEqual([
      'resumed',
      'suspended',
      'linkGiven',
    ]);
    expect(again.session()).toMatchObject({ status: 'suspended', customerBackAt: again.now() });
  });

  it('suspending with a link while the customer is away leaves them away', () => {
    const s = setAsideAndGone();
    s.does({ type: 'suspend', by: 'agent', agent: anna, link: givenLink(s.now()) });
    expect(s.session()).toMatchObject({ status: 'suspended' });
    expect(s.session()).not.toHaveProperty('customerBackAt');
  });

  it('row 11: is revoked by its agent or its customer, whatever became of the session', () => {
    const s = withAnna().does({ type: 'revokeLinks', by: 'customer' });
    expect(s.session()).toMatchObject({ status: 'active', linkFamily: 1 });
    s.does({ type: 'revokeLinks', by: 'agent', agent: anna });
    expect(s.does({ type: 'suspend', by: 'customer' }).session()).toMatchObject({ linkFamily: 2 });
    expect(withAnna().does({ type: 'revokeLinks', by: 'agent', agent: ben }).answer().refused?.kind).toBe(
      'notYours',
    );
  });
});

describe('waiting for an agent to resume', () => {
  it('P25: who waits in vain for a minute is told, and may choose somebody else', () => {
    const s = setAsideAndGone().after(HOUR).does(comesBack());
    expect(s.after(MIN - 1).session()).not.toHaveProperty('waitedInVainAt');
    expect(s.after(1).told()).toStrictEqual(['customer: waitedInVain']);
    expect(s.does(comesBack({ want: 'anyone' })).session()).toMatchObject({ status: 'queued' });
  });

  it('B10: no return resumes by itself, and an agent who is away is not waited for in silence', () => {
    const s = pausedByCustomer()
      .after(HOUR)
      .does(comesBack({ agentHere: false }));
    expect(s.session()).toMatchObject({ status: 'suspended', waitedInVainAt: s.now() });
    expect(s.told()).toContain('customer: waitedInVain');
    expect(s.does(comesBack({ agentHere: false })).told()).not.toContain('customer: waitedInVain');
    const gone = s.after(MIN).does({ type: 'customerLeft', cause: 'silent', at: s.now() });
    expect(gone.session()).not.toHaveProperty('waitedInVainAt');
  });

  it('who never left is told when the promised time has passed, and not before', () => {
    const s = setAside({}, { backBy: withAnna().now() + 2 * HOUR });
    expect(s.after(HOUR).session()).not.toHaveProperty('waitedInVainAt');
    expect(s.after(HOUR).session()).toHaveProperty('waitedInVainAt');
  });

  it('who was answered is not told', () => {
    const s = setAsideAndGone().does(comesBack()).does({ type: 'resume', agent: anna });
    expect(s.after(HOUR).told()).not.toContain('customer: waitedInVain');
  });
});

describe('an earlier chat', () => {
  it('N5: is shown to the new agent where its customer lets them see it, one and not itself', () => {
    const earlier = sid('earlier');
    const s = story().does({ type: 'continues', earlier });
    expect(s.session()).toMatchObject({ follows: earlier });
    expect(s.told()).toStrictEqual(['agent: earlierShared']);
    expect(s.does({ type: 'continues', earlier: sid('another') }).answer().refused?.kind).toBe('notNow');
    expect(
      story()
        .does({ type: 'continues', earlier: sid('first') })
        .answer().refused?.kind,
    ).toBe('notNow');
  });
});
