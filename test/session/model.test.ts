import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Command } from '../../src/session/command.ts';
import { fold } from '../../src/session/fold.ts';
import type { AgentRef, Session } from '../../src/session/session.ts';
import { slotOf } from '../../src/session/slots.ts';
import { ownerOf } from '../../src/session/whose.ts';
import { anna, ben, comesBack, conversation, MIN, START, story, type Story } from './given.ts';
import { begin, MODEL, move, passTo, type Model, type Move } from './model.ts';

const rules = {
  reconnectLimitMs: MODEL.limit * MIN,
  previousAgentWindowMs: MODEL.window * MIN,
  offerTimeoutMs: MODEL.offer * MIN,
  suspendLimitMs: MODEL.suspend * MIN,
  autoCloseMs: MODEL.autoClose * MIN,
};
const agents: Readonly<Record<string, AgentRef>> = { anna, ben };

const who = fc.constantFrom('anna', 'anna', 'ben');
const moves: fc.Arbitrary<Move> = fc.oneof(
  ...(
    ['handoff', 'leaveQueue', 'left', 'left', 'customerSuspends', 'agentSpeaks', 'customerSpeaks'] as const
  ).map((name) => fc.constant<Move>({ do: name })),
  ...(['accept', 'accept', 'decline', 'suspend', 'resume', 'release'] as const).map((name) =>
    who.map((one): Move => ({ do: name, who: one })),
  ),
  { arbitrary: who.map((one): Move => ({ do: 'close', who: one })), weight: 1 },
  fc.record({ do: fc.constant('back' as const), anyone: fc.boolean(), here: fc.boolean() }),
  fc.record({ do: fc.constant('back' as const), anyone: fc.constant(false), here: fc.boolean() }),
  // Small steps meet deadlines exactly; large ones jump over several at once.
  fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 1, 2, 5, 6, 14, 20, 61) }),
);

const accepted: readonly Move[] = [{ do: 'handoff' }, { do: 'accept', who: 'anna' }];
const paths = fc
  .tuple(fc.constantFrom([], accepted), fc.array(moves, { maxLength: 40, size: 'max' }))
  .map(([start, path]) => [...start, ...path]);

function command(a: Exclude<Move, { do: 'wait' }>, s: Story, step: number): Command {
  switch (a.do) {
    case 'left':
      return { type: 'customerLeft', cause: 'silent', at: s.now() };
    case 'customerSuspends':
      return { type: 'suspend', by: 'customer' };
    case 'customerSpeaks':
      return { type: 'customerSays', conversation: s.session().conversation, agentHere: true };
    case 'agentSpeaks':
      return { type: 'agentActs', agent: anna, act: 'message' };
    case 'suspend':
    case 'close':
      return { type: a.do, by: 'agent', agent: agents[a.who]! };
    case 'release':
      return { type: 'releaseHold', agent: agents[a.who]! };
    case 'accept':
    case 'decline':
    case 'resume':
      return { type: a.do, agent: agents[a.who]! };
    case 'back':
      return comesBack({
        want: a.anyone ? 'anyone' : 'agent',
        agentHere: a.here,
        conversation: conversation(`step ${step}`),
      });
    default:
      return { type: a.do };
  }
}

const minute = (at: number | undefined) => (at === undefined ? undefined : (at - START) / MIN);
const name = (id: string | undefined) => id?.slice('tenant:'.length);

const seen = (session: Session) => ({
  status: session.status,
  owner: name(ownerOf(session)?.id),
  slot:
    slotOf(session)?.kind === 'held'
      ? [name(slotOf(session)?.agent), minute(slotOf(session)?.until)]
      : undefined,
  end:
    session.status === 'disconnected'
      ? minute(session.returnUntil)
      : session.status === 'suspended'
        ? minute(session.suspendedUntil)
        : session.status === 'resuming'
          ? minute(session.offeredUntil)
          : undefined,
});

const expected = (m: Model) => ({
  status: m.status,
  owner: m.owner,
  slot: m.slot && [m.slot.who, m.slot.until],
  end: ['disconnected', 'suspended', 'resuming'].includes(m.status) ? m.end : undefined,
});

/** Walks the core and the model side by side. `sweeping`: somebody looks after every minute, or only when asked. */
function walk(path: readonly Move[], sweeping: boolean): Story {
  const s = story(rules);
  const m = begin();
  path.forEach((a, step) => {
    const from = minute(s.now())!;
    if (a.do === 'wait') {
      if (sweeping) for (let i = 0; i < a.minutes; i++) s.after(MIN);
      else s.unnoticed(a.minutes * MIN);
      passTo(m, from, from + a.minutes);
      return;
    }
    // What a customer says while gone is a return, which is another move.
    if (a.do === 'customerSpeaks' && m.status !== 'active' && m.status !== 'bot') return;
    // Anna's words on what is not hers, or not running, are other moves.
    if (a.do === 'agentSpeaks' && (m.status !== 'active' || m.owner !== 'anna')) return;
    s.does(command(a, s, step));
    if (a.do === 'agentSpeaks') s.said('agent');
    if (a.do === 'customerSpeaks') s.said('customer');
    move(m, a, from);
    expect(seen(s.session())).toStrictEqual(expected(m));
  });
  return s;
}

it('whatever people do in whatever order, a session lives as the rules tell it', () => {
  fc.assert(
    fc.property(paths, (path) => {
      walk(path, false);
    }),
    { seed: 6, numRuns: 2000 },
  );
});

it('a session that nobody swept ends up exactly like one swept every minute', () => {
  const bare = (s: Story) => {
    const { ver: _, epoch: __, ...rest } = s.does({ type: 'tick' }).session();
    const { warnedAt: ___, ...bared } = { warnedAt: 0, ...rest };
    return bared;
  };
  fc.assert(
    fc.property(paths, (path) => {
      expect(bare(walk(path, false))).toStrictEqual(bare(walk(path, true)));
    }),
    { seed: 6, numRuns: 300 },
  );
});

it('the audit of any walk rebuilds the session, and its epoch counts the changes of owner and conversation', () => {
  fc.assert(
    fc.property(paths, (path) => {
      const s = walk(path, false);
      const { lastSaid: _, ...stored } = s.session();
      expect(fold(s.audit())).toStrictEqual(stored);
      const versions = s.audit().map((__, i) => fold(s.audit().slice(0, i + 1)));
      const changes = versions.filter((now, i) => {
        const before = versions[i - 1];
        return (
          !before || before.conversation !== now.conversation || ownerOf(before)?.id !== ownerOf(now)?.id
        );
      });
      expect(s.session().epoch).toBe(changes.length);
    }),
    { seed: 6, numRuns: 300 },
  );
});
