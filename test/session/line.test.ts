import { describe, expect, it } from 'vitest';
import { anna, asked, ben, comesBack, conversation, goneFromLine, HOUR, inLine, left, MIN } from './given.ts';
import { setAside, setAsideAndGone, START, story, withAnna } from './given.ts';

describe('in line', () => {
  it('who asks for a person twice has one place, and hears which', () => {
    const s = inLine().after(MIN).does({ type: 'handoff' });
    expect(s.answer()).toStrictEqual({ events: [], refused: { kind: 'inLine', queuedAt: START + MIN } });
  });

  it('what the bot said about the wish is kept for the agent, through a suspension too', () => {
    const s = story().does({ type: 'handoff', reason: 'a refund' }).does({ type: 'accept', agent: anna });
    s.does({ type: 'suspend', by: 'agent', agent: anna, reason: 'asks the depot' });
    expect(s.session()).toMatchObject({ reason: 'a refund', suspendReason: 'asks the depot' });
  });

  it('who leaves the line is with the bot again, with a new silence to count and no place', () => {
    const s = inLine().after(HOUR).does({ type: 'leaveQueue' });
    expect(s.session()).toMatchObject({ status: 'bot', since: s.now() });
    expect(s.session()).not.toHaveProperty('queuedAt');
    expect(s.after(19 * MIN).session().status).toBe('bot');
    expect(s.does({ type: 'handoff' }).session().queuedAt).toBe(s.now());
  });

  it('nobody expires while they are here and wait', () => {
    expect(
      inLine()
        .after(72 * HOUR)
        .session().status,
    ).toBe('queued');
  });

  it('who waited for the queue limit is told once that they may leave a message', () => {
    const s = inLine().after(10 * MIN - 1);
    expect(s.answer().events).toStrictEqual([]);
    expect(s.after(1).told()).toStrictEqual(['customer: queueLimit']);
    expect(s.after(HOUR).answer().events).toStrictEqual([]);
  });

  it('an agent who passes is remembered, and may still change their mind', () => {
    const s = inLine().does({ type: 'decline', agent: ben });
    expect(s.session()).toMatchObject({ status: 'queued', declinedBy: [ben.id] });
    expect(s.does({ type: 'decline', agent: ben }).answer().refused?.kind).toBe('already');
    expect(s.does({ type: 'accept', agent: ben }).session()).toMatchObject({ status: 'active', owner: ben });
  });

  it('who drops out of the line comes back to their earlier place', () => {
    const s = goneFromLine().after(5 * MIN);
    expect(s.does({ type: 'accept', agent: anna }).answer().refused?.kind).toBe('notNow');
    s.does(comesBack({ agentHere: false }));
    expect(s.answer().events).toMatchObject([{ type: 'returned' }, { type: 'queued', why: 'backInLine' }]);
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + MIN, waitingSince: s.now() });
  });

  it('and is not offered again to who passed on them', () => {
    const s = left(inLine().does({ type: 'decline', agent: ben })).does(comesBack());
    expect(s.session()).toMatchObject({ status: 'queued', declinedBy: [ben.id] });
  });

  it('the bot does not notice who goes away, and a return replays silently', () => {
    const s = left(story().after(MIN));
    expect(s.answer()).toStrictEqual({ events: [] });
    expect(s.does(comesBack()).told()).toStrictEqual([]);
    expect(s.session()).toMatchObject({ status: 'bot', conversation: 'c2' });
  });
});

describe('the previous agent is asked', () => {
  it('and takes it: both are together again', () => {
    const s = asked().does({ type: 'accept', agent: anna });
    expect(s.session()).toMatchObject({ status: 'active', owner: anna, agents: [anna] });
  });

  it('any act of theirs is an answer, suspending too', () => {
    expect(asked().does({ type: 'agentActs', agent: anna, act: 'canned' }).session().status).toBe('active');
    expect(asked().does({ type: 'resume', agent: anna }).session().status).toBe('active');
    const kept = asked().does({ type: 'suspend', by: 'agent', agent: anna });
    expect(kept.session()).toMatchObject({ status: 'suspended', owner: anna, customerBackAt: kept.now() });
  });

  it('and passes: the customer queues at their earlier place, and she is not asked again', () => {
    const s = asked().does({ type: 'decline', agent: anna });
    expect(s.answer().events).toMatchObject([{ type: 'declined' }, { type: 'queued', why: 'agentDeclined' }]);
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + MIN, declinedBy: [anna.id] });
    expect(s.told()).toStrictEqual(['both: toQueue']);
  });

  it('and stays silent: at the end of the offer, and not before, the customer queues', () => {
    expect(
      asked()
        .after(MIN - 1)
        .session().status,
    ).toBe('resuming');
    const s = asked().unnoticed(MIN).does({ type: 'accept', agent: anna });
    expect(s.answer().events).toMatchObject([
      { type: 'queued', why: 'agentSilent', declinedBy: [anna.id] },
      { type: 'accepted' },
    ]);
  });

  it('somebody else who clicks is told who is being asked', () => {
    const s = asked().does({ type: 'accept', agent: ben });
    expect(s.answer().refused).toStrictEqual({ kind: 'taken', by: anna });
    expect(s.does({ type: 'decline', agent: ben }).answer().refused).toStrictEqual({ kind: 'notYours' });
  });

  it('and the customer would rather have anyone: they queue at once, with no second return', () => {
    const s = asked().does(comesBack({ want: 'anyone' }));
    expect(s.answer().events).toMatchObject([
      { type: 'queued', why: 'customerChoseAnyone', queuedAt: START + MIN },
    ]);
  });

  it('and the customer drops again: the agent will be asked anew', () => {
    const s = left(asked());
    expect(s.session()).toMatchObject({ status: 'disconnected', was: 'offered' });
    expect(s.after(MIN).does(comesBack()).session().status).toBe('resuming');
  });

  it('of two owners in a row each is remembered once, and the last is the previous', () => {
    const s = asked().does({ type: 'decline', agent: anna }).does({ type: 'accept', agent: ben });
    expect(s.session()).toMatchObject({ owner: ben, previous: ben, agents: [anna, ben] });
    left(s)
      .after(11 * MIN)
      .does(comesBack());
    expect(s.session()).toMatchObject({ status: 'resuming', asked: ben });
  });
});

describe('with its agent', () => {
  it('another browser takes over, the same page moving on does not', () => {
    const s = withAnna();
    expect(s.does(comesBack({ conversation: conversation('c1'), way: 'heal' })).answer()).toStrictEqual({
      events: [],
    });
    const epoch = s.session().epoch;
    expect(s.does(comesBack()).session()).toMatchObject({
      status: 'active',
      conversation: 'c2',
      epoch: epoch + 1,
    });
  });

  it('a customer whose agent is gone may have anyone, with everything said', () => {
    const s = withAnna().does(comesBack({ want: 'anyone', agentHere: false }));
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + MIN, previous: anna });
    expect(
      withAnna()
        .does(comesBack({ want: 'anyone' }))
        .session().status,
    ).toBe('active');
  });

  it('B30: whoever is not its agent can neither act on it, suspend it, nor close it', () => {
    const s = withAnna();
    s.does({ type: 'agentActs', agent: ben, act: 'comment' });
    expect(s.answer().refused).toStrictEqual({ kind: 'notYours' });
    expect(s.does({ type: 'suspend', by: 'agent', agent: ben }).answer().refused?.kind).toBe('notYours');
    expect(s.does({ type: 'close', by: 'agent', agent: ben }).answer().refused?.kind).toBe('notYours');
  });

  it('a customer who signs in keeps the session, and can be nobody else afterwards', () => {
    const eva = { kind: 'signedIn', issuer: 'https://shop.example', name: 'Eva' } as const;
    const s = withAnna();
    const { epoch } = s.session();
    expect(s.does({ type: 'identify', subject: eva }).session()).toMatchObject({
      subject: eva,
      epoch: epoch + 1,
    });
    expect(s.told()).toStrictEqual(['agent: signedIn']);
    expect(s.does({ type: 'identify', subject: eva }).answer()).toStrictEqual({ events: [] });
    const other = { ...eva, issuer: 'https://other.example' };
    expect(s.does({ type: 'identify', subject: other }).answer().refused?.kind).toBe('notNow');
    expect(s.does({ type: 'identify', subject: { kind: 'anonymous' } }).answer().refused?.kind).toBe(
      'notNow',
    );
  });

  it('a suspended customer whose agent passes on them queues for another; away, they are not given away', () => {
    const s = setAside().does({ type: 'decline', agent: anna });
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + MIN, declinedBy: [anna.id] });
    expect(setAsideAndGone().does({ type: 'decline', agent: anna }).answer().refused?.kind).toBe('notNow');
  });
});
