import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/session/evolve.ts';
import {
  anna,
  ben,
  comesBack,
  goneFromLine,
  handsTo,
  handsToQueue,
  held,
  inLine,
  lapsed,
  left,
} from './given.ts';
import {
  MIN,
  setAside,
  setAsideAndGone,
  sid,
  START,
  story,
  withAnna,
  withGuest,
  type Story,
} from './given.ts';

const supervisor = (stream: string) =>
  ({ type: 'transfer', by: 'supervisor', agent: ben, to: { kind: 'queue', stream } }) as const;
const refused = (s: Story) => s.answer().refused?.kind;
const warned = () =>
  held()
    .after(10 * MIN)
    .after(8 * MIN);

describe('a supervisor who hands on what waits in line', () => {
  it('keeps its place and who passed on it; to the line it stands in, nothing is done', () => {
    const s = inLine().does({ type: 'decline', agent: anna }).after(MIN).does(supervisor('returns'));
    expect(s.session()).toMatchObject({
      ...{ status: 'queued', stream: 'returns', queuedAt: START + MIN, declinedBy: [anna.id] },
      ...{ formerStreams: ['sales'], moved: { why: 'transferred' } },
    });
    expect(refused(inLine().does(supervisor('sales')))).toBe('already');
  });

  it('does the same for who dropped out of it, and takes nothing of their time', () => {
    const before = left(inLine().does({ type: 'decline', agent: anna }).after(MIN));
    const { goneAt, cause, returnUntil } = before.session() as ReturnType<typeof gone>;
    const s = before.after(MIN).does(supervisor('returns'));
    expect(s.session()).toMatchObject({
      ...{ status: 'disconnected', was: 'queued', stream: 'returns', queuedAt: START + MIN },
      ...{ declinedBy: [anna.id], goneAt, cause, returnUntil },
    });
    expect(refused(goneFromLine().does(supervisor('sales')))).toBe('already');
  });

  it('may hand what an agent has to the line it came from', () => {
    expect(withAnna().does(supervisor('sales')).session()).toMatchObject({
      status: 'queued',
      declinedBy: [],
    });
    expect(lapsed().does(supervisor('sales')).session()).toMatchObject({ was: 'queued', declinedBy: [] });
  });
});

const gone = (s: Story) => {
  const session = s.session();
  if (session.status !== 'disconnected') throw new Error('The customer is not away');
  return session;
};

describe('a customer who is away, and is handed on', () => {
  it('to a line, may come back as long as they might before, and were gone since then', () => {
    const { goneAt, cause, returnUntil } = gone(held());
    expect(gone(held().after(MIN).does(handsToQueue('returns')))).toMatchObject({
      ...{ was: 'queued', goneAt, cause, returnUntil, declinedBy: [anna.id] },
    });
    expect(gone(setAsideAndGone().after(MIN).does(handsToQueue('returns')))).toMatchObject({
      goneAt: setAsideAndGone().now(),
    });
    const paused = left(setAside().after(MIN)).does(comesBack()).does({ type: 'suspend', by: 'customer' });
    expect(refused(paused)).toBe('already');
  });

  it('is not warned once more of the end they were warned of', () => {
    const { warnedAt } = gone(warned());
    expect(warnedAt).toBe(warned().now());
    expect(gone(warned().does(handsTo(ben)))).toMatchObject({ was: 'offered', previous: ben, warnedAt });
    expect(gone(warned().does(handsToQueue('returns')))).toMatchObject({ was: 'queued', warnedAt });
    expect(gone(held().does(handsToQueue('returns')))).not.toHaveProperty('warnedAt');
    expect(gone(lapsed().does(handsTo(ben)))).not.toHaveProperty('warnedAt');
  });

  it('to a colleague who was a guest, has no guest any more', () => {
    expect(left(withGuest()).does(handsTo(ben)).session()).not.toHaveProperty('guests');
  });
});

describe('a chat takes along', () => {
  const moved = { type: 'queued', at: START, queuedAt: START, why: 'agentAway', declinedBy: [] } as const;

  it('what it follows, the lines it stood in, and who was ever asked, whatever becomes of it', () => {
    const s = withAnna()
      .does({ type: 'continues', earlier: sid('earlier') })
      .does(handsToQueue('returns'));
    s.does({ type: 'accept', agent: anna }).does(handsTo(ben));
    s.after(MIN).does({ type: 'close', by: 'customer' });
    expect(s.session()).toMatchObject({
      ...{ status: 'closed', follows: sid('earlier'), stream: 'returns' },
      ...{ formerStreams: ['sales'], asides: [ben], agents: [anna] },
    });
  });

  it('each line once, and never the one it stands in', () => {
    const s = inLine();
    for (const stream of ['returns', 'sales', 'returns', 'vip']) s.does(supervisor(stream));
    expect(s.session()).toMatchObject({ stream: 'vip', formerStreams: ['sales', 'returns'] });
    expect(inLine().does(supervisor('returns')).does(supervisor('sales')).session()).toMatchObject({
      formerStreams: ['returns'],
    });
    expect(evolve(withAnna().session(), { ...moved, stream: 'sales' })).not.toHaveProperty('formerStreams');
  });

  it('what a newer house noted of it, and nothing that was of its status alone', () => {
    const before = { ...warned().session(), mood: 'calm' };
    const after = evolve(before, moved);
    expect(after).toMatchObject({ status: 'queued', mood: 'calm' });
    expect(after).not.toHaveProperty('warnedAt');
    expect(after).not.toHaveProperty('returnUntil');
  });
});

describe('who asks for a person', () => {
  it('and dropped out of the line hears their place; with an agent already, that they have one', () => {
    const s = goneFromLine().does({ type: 'handoff' });
    expect(s.answer().refused).toStrictEqual({ kind: 'inLine', queuedAt: START + MIN });
    expect(refused(held().does({ type: 'handoff' }))).toBe('notNow');
    expect(refused(withAnna().does({ type: 'handoff' }))).toBe('already');
  });

  it('leaves the line only while they stand in it', () => {
    expect(refused(story().does({ type: 'leaveQueue' }))).toBe('already');
    expect(refused(withAnna().does({ type: 'leaveQueue' }))).toBe('notNow');
  });
});
