import { describe, expect, it, test } from 'vitest';
import type { AgentAbsence } from '../../src/session/event.ts';
import { owedSince } from '../../src/session/reminders.ts';
import { isAnyoneOn, type AgentState } from '../../src/session/routing.ts';
import { RECOMMENDED } from '../../src/session/rules.ts';
import { agentLookAt, agentWaitedFor } from '../../src/session/silence.ts';
import { awaySince, endOf, isOpenToAll, isToldOf } from '../../src/session/whose.ts';
import { anna, asked, ben, comesBack, commands, ended, held, HOUR, left, MIN, offeredOn } from './given.ts';
import { setAside, setAsideAndGone, shapes, START, timedOut, withAnna, type Story } from './given.ts';

const GRACE = RECOMMENDED.agentGraceMs;
const waiting = () => withAnna().said('customer');
const noticed = (s: Story, aliveAt: number, absent?: AgentAbsence, agent = anna) =>
  s.does({ type: 'agentNoticed', agent: agent.id, aliveAt, ...(absent && { absent }) });
const named = (is: (s: Story) => boolean) =>
  Object.entries(shapes)
    .filter(([, shape]) => is(shape()))
    .map(([name]) => name);

describe('an agent is looked at', () => {
  it('while a customer who is here waits on them', () => {
    const waitedFor = (s: Story) => agentWaitedFor(s.session());
    expect([waitedFor(withAnna()), waitedFor(waiting()), waitedFor(offeredOn())]).toEqual([
      undefined,
      anna.id,
      anna.id,
    ]);
    expect(named((s) => waitedFor(s) !== undefined)).toEqual([
      'with a silent agent',
      'agent being asked',
      'waiting for an away agent',
      'suspended, customer here',
      'suspended, slot kept',
      'being handed over',
    ]);
    expect(waitedFor(offeredOn().said('agent'))).toBe(anna.id);
    expect(waitedFor(shapes['being handed over']!())).toBe(ben.id);
  });

  const lookAt = (s: Story, aliveAt = s.now(), absent?: AgentAbsence) =>
    agentLookAt(s.session(), { agent: anna.id, aliveAt, ...(absent && { absent }) }, s.now(), RECOMMENDED);

  it('when the grace is over since they were last seen, or since the customer asked', () => {
    const s = waiting();
    expect(lookAt(s, s.now() - MIN)).toBe(s.now() + GRACE);
    expect(lookAt(s, s.now() + 5_000)).toBe(s.now() + 5_000 + GRACE);
  });

  it('again a grace after they were told silent, and then time and again', () => {
    const s = noticed(waiting().after(GRACE), START);
    expect(s.session()).toHaveProperty('agentSilentAt', s.now());
    expect(lookAt(s, START)).toBe(s.now() + GRACE);
    const on = offeredOn().after(7_000);
    expect(lookAt(on, START)).toBe(on.now() + GRACE);
  });

  it('at once when there is something to tell', () => {
    expect(lookAt(asked(), START, 'away')).toBe(asked().now());
    const back = offeredOn();
    expect(lookAt(back, back.now() + 1)).toBe(back.now());
  });

  it('not because of a chat that is over, or in which nobody waits for their answer', () => {
    for (const s of [ended(), timedOut(), withAnna(), asked(), setAside(), held()])
      expect(lookAt(s)).toBeUndefined();
  });
});

describe('what is noticed of an agent changes nothing', () => {
  const unmoved = (s: Story) => {
    expect(s.answer()).toEqual({ events: [] });
    expect(s.told()).toEqual([]);
  };

  it('in somebody else’s chat', () => {
    unmoved(noticed(waiting().after(HOUR), START, 'away', ben));
    unmoved(noticed(shapes['in line']!(), START, 'away'));
  });

  it('while they are there to be asked', () => {
    unmoved(noticed(asked(), asked().now()));
  });

  it('for a customer who never left what is set aside, or was told that they wait in vain, or is not back', () => {
    unmoved(noticed(setAside(), START, 'away'));
    const told = setAsideAndGone()
      .after(MIN)
      .does(comesBack({ agentHere: false }));
    unmoved(noticed(told, START, 'away'));
    unmoved(noticed(setAsideAndGone(), START, 'away'));
    unmoved(noticed(setAsideAndGone().after(MIN).does(comesBack()), START));
  });

  it('when they were last seen as they fell silent, and are away still', () => {
    const s = offeredOn();
    const { agentSilentAt = 0 } = s.session() as { readonly agentSilentAt?: number };
    unmoved(noticed(s, agentSilentAt));
    unmoved(noticed(s, s.now() + 1, 'away'));
  });

  it('once they fell silent and the customer owes the answer', () => {
    unmoved(
      noticed(
        noticed(waiting().after(GRACE), START)
          .said('agent')
          .after(5 * MIN),
        START,
      ),
    );
  });
});

describe('a silent agent', () => {
  it('who was seen again is back, also when their customer owes the answer by now', () => {
    const s = noticed(noticed(waiting().after(GRACE), START).said('agent'), START + HOUR);
    expect(s.told()).toEqual(['both: agentBack']);
  });

  it('known to be away after they fell silent is told of no second time, and others may take over', () => {
    const s = noticed(noticed(waiting().after(GRACE), START), START, 'away');
    expect(s.told()).toEqual(['both: offeredOn']);
  });

  it('is not back by what is refused, nor by what ends or sets aside the chat', () => {
    const s = offeredOn().does({ type: 'decline', agent: anna });
    expect(s.answer()).toMatchObject({ events: [], refused: { kind: 'notNow' } });
    expect(offeredOn().does({ type: 'close', by: 'agent', agent: anna }).told()).toEqual(['both: closed']);
    expect(offeredOn().does({ type: 'suspend', by: 'agent', agent: anna }).told()).toEqual([
      'both: suspended',
    ]);
  });

  it('is not back by what somebody else does', () => {
    expect(
      offeredOn()
        .does({ type: 'transfer', by: 'supervisor', agent: ben, to: { kind: 'queue', stream: 'x' } })
        .told(),
    ).toEqual(['both: toQueue']);
  });
});

test('N14: whoever took over has a grace of their own', () => {
  const s = offeredOn().after(MIN).does({ type: 'accept', agent: ben });
  expect(noticed(s.after(GRACE - 1), START, undefined, ben).told()).toEqual([]);
  expect(noticed(s.after(1), START, undefined, ben).told()).toEqual(['both: agentSilent']);
});

test('anyone may take what is in line, and what a silent agent is offered on for', () => {
  expect(named((s) => isOpenToAll(s.session()))).toEqual([
    'in line',
    'with a silent agent',
    'in line as a message',
    'back in line after a message',
  ]);
});

test('a customer is away since they went, also from what had been set aside before', () => {
  const since = (s: Story) => awaySince(s.session());
  expect(named((s) => since(s) !== undefined)).toEqual([
    ...['gone, slot held', 'gone, hold over', 'gone from the line'],
    ...['suspended, customer away', 'suspended by the customer'],
  ]);
  expect(since(held().after(MIN))).toBe(held().now());
  expect(since(setAsideAndGone().after(MIN))).toBe(setAsideAndGone().now());
  expect(since(shapes['suspended by the customer']!().after(MIN))).toBe(setAside().now());
  const again = left(setAsideAndGone().after(MIN).does(comesBack()).after(MIN));
  expect(since(again)).toBe(setAsideAndGone().now() + 2 * MIN);
});

test('an agent is told what is said in what anyone may take, was theirs, or they are asked to or into', () => {
  const told = (name: string, agent = ben) => isToldOf(shapes[name]!().session(), agent.id);
  for (const name of ['in line', 'with a silent agent', 'being handed over', 'with a guest'])
    expect(told(name)).toBe(true);
  for (const name of ['with the bot', 'with its agent', 'agent being asked', 'gone, slot held', 'closed'])
    expect(told(name)).toBe(false);
  for (const name of ['with its agent', 'gone, hold over', 'being handed over', 'closed'])
    expect(told(name, anna)).toBe(true);
});

test('a chat ends when it was closed or ran out of time, and not before', () => {
  expect(endOf(ended().session())).toBe(ended().now());
  expect(endOf(timedOut().session())).toBe(held().now() + 20 * MIN);
  expect(named((s) => endOf(s.session()) !== undefined)).toEqual(['closed', 'expired']);
});

describe('row 73: since when an answer is owed is known', () => {
  const owed = (s: Story) => {
    const session = s.session();
    return session.status === 'active' ? owedSince(session) : undefined;
  };

  it('once its agent was reminded, until they answer', () => {
    const s = waiting();
    const askedAt = s.now();
    expect(owed(s)).toBeUndefined();
    expect(owed(s.after(5 * MIN))).toBe(askedAt);
    expect(owed(s.said('customer').after(5 * MIN))).toBe(askedAt);
    expect(owed(s.said('agent'))).toBeUndefined();
    expect(owed(s.said('customer'))).toBeUndefined();
  });

  it('to who was found out late too; and of nobody who was never reminded', () => {
    const s = waiting();
    const askedAt = s.now();
    expect(owed(s.after(HOUR))).toBe(askedAt);
    expect(owed(withAnna())).toBeUndefined();
  });

  it('since its present agent has it, when somebody else had it before', () => {
    const s = offeredOn().does({ type: 'accept', agent: ben });
    const takenAt = s.now();
    expect(owed(s.after(5 * MIN))).toBe(takenAt);
  });
});

test('somebody is on for a work stream who is here and serves it', () => {
  const one: AgentState = {
    ...{ id: anna.id, name: anna.name, permitted: true, status: 'busy', capacity: 1, used: 1 },
    ...{ lastReleasedAt: 0, streams: ['sales'] },
  };
  const away: AgentState = { ...one, id: ben.id, status: 'away' };
  expect([isAnyoneOn([away, one], 'sales'), isAnyoneOn([away, one], 'returns')]).toEqual([true, false]);
  expect([isAnyoneOn([away], 'sales'), isAnyoneOn([], 'sales')]).toEqual([false, false]);
  expect(isAnyoneOn([away, { ...one, streams: [] }], 'returns')).toBe(true);
});

test('whoever asks anything of a chat that is over hears when it ended', () => {
  const refused = (s: Story) => s.does({ type: 'handoff' }).answer().refused;
  expect(refused(ended())).toEqual({ kind: 'over', status: 'closed', at: ended().now() });
  expect(refused(timedOut())).toEqual({ kind: 'over', status: 'expired', at: held().now() + 20 * MIN });
});

test('a wrap-up is ended by its agent saying so, and by nothing else', () => {
  const wraps = () => ended({ wrapUpSlotMs: 5 * MIN });
  const { agentHeldUntil: held } = wraps().session() as { readonly agentHeldUntil?: number };
  expect(held).toBe(wraps().now() + 5 * MIN);
  for (const command of commands(wraps().now())) {
    if (['takeBack', 'tick'].includes(command.type)) continue;
    const after = wraps().does(command).session();
    const isDone = command.type === 'releaseHold' && command.agent.id === anna.id;
    expect('agentHeldUntil' in after).toBe(!isDone);
  }
  expect(left(ended()).does({ type: 'releaseHold', agent: anna }).answer().refused?.kind).toBe('over');
});
