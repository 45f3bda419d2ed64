import { describe, expect, it } from 'vitest';
import { isHere, rankAgents, type AgentState } from '../../src/session/routing.ts';
import { chooseReturn, type Candidate } from '../../src/session/which.ts';
import { agentId, MIN, sid, START } from './given.ts';

const agent = (name: string, over: Partial<AgentState> = {}): AgentState => ({
  ...{
    id: agentId(name),
    name,
    permitted: true,
    status: 'available',
    capacity: 2,
    used: 0,
    lastReleasedAt: 0,
    streams: ['sales'],
  },
  ...over,
});
const need = { stream: 'sales', declinedBy: [] };
const names = (agents: readonly AgentState[]) => agents.map(({ name }) => name);

describe('a session is offered', () => {
  it('to who has been idle longest first', () => {
    const some = [
      agent('late', { lastReleasedAt: 3 }),
      agent('early', { lastReleasedAt: 1 }),
      agent('mid', { lastReleasedAt: 2 }),
    ];
    expect(names(rankAgents(some, need))).toStrictEqual(['early', 'mid', 'late']);
  });

  it('among the equally idle in one order, on whatever instance', () => {
    const some = [agent('cy'), agent('anna'), agent('ben')];
    expect(names(rankAgents(some, need))).toStrictEqual(['anna', 'ben', 'cy']);
    expect(names(rankAgents(some.toReversed(), need))).toStrictEqual(['anna', 'ben', 'cy']);
  });

  it('to nobody who is full, away, without permission, of another stream, or who passed', () => {
    const some = [
      agent('full', { used: 2 }),
      agent('away', { status: 'away' }),
      agent('offline', { status: 'offline' }),
      agent('barred', { permitted: false }),
      agent('service', { streams: ['service'] }),
      agent('passed'),
      agent('busy', { status: 'busy', used: 1 }),
    ];
    expect(names(rankAgents(some, { ...need, declinedBy: [agentId('passed')] }))).toStrictEqual(['busy']);
  });

  it('to the previous agent before all, even when full, but not when gone or after they passed', () => {
    const previous = agentId('anna');
    const anna = agent('anna', { used: 2, lastReleasedAt: 9, streams: [] });
    expect(names(rankAgents([agent('ben'), anna], { ...need, previous }))).toStrictEqual(['anna', 'ben']);
    expect(
      names(rankAgents([agent('ben'), { ...anna, status: 'away' }], { ...need, previous })),
    ).toStrictEqual(['ben']);
    expect(
      names(rankAgents([agent('ben'), anna], { ...need, previous, declinedBy: [previous] })),
    ).toStrictEqual(['ben']);
    expect(isHere({ ...anna, permitted: false })).toBe(false);
  });
});

const one = (
  name: string,
  status: Candidate['status'],
  opened: number,
  over: Partial<Candidate> = {},
): Candidate => ({
  ...{ sid: sid(name), status, openedAt: START + opened * MIN, lastAt: START },
  ...over,
});
const order = (sessions: readonly Candidate[]) => {
  const { first, others } = chooseReturn(sessions);
  return [first, ...others].map((candidate) => candidate?.sid.split('.')[1]?.replaceAll('0', ''));
};

describe('a return means', () => {
  it('of several suspended the latest, then the latest opened in progress, the bot last', () => {
    const sessions = [
      one('bot', 'bot', 9),
      one('old', 'active', 1),
      one('first', 'suspended', 0, { suspendedAt: START + 5 * MIN }),
      one('new', 'disconnected', 8),
      one('second', 'suspended', 2, { suspendedAt: START + 4 * MIN }),
      one('mid', 'queued', 4),
    ];
    expect(order(sessions)).toStrictEqual(['first', 'second', 'new', 'mid', 'old', 'bot']);
    expect(order(sessions.toReversed())).toStrictEqual(order(sessions));
  });

  it('of those opened together the one in which something last happened, else the same one every time', () => {
    const sessions = [
      one('c', 'active', 1),
      one('a', 'active', 1, { lastAt: START + MIN }),
      one('b', 'active', 1),
    ];
    expect(order(sessions)).toStrictEqual(['a', 'b', 'c']);
    expect(order(sessions.toReversed())).toStrictEqual(['a', 'b', 'c']);
  });

  it('what was set aside explicitly, and not what only says so', () => {
    const sessions = [one('old', 'suspended', 1), one('new', 'active', 2)];
    expect(order(sessions)).toStrictEqual(['new', 'old']);
    const earlier = one('back', 'active', 1, { suspendedAt: START + 9 * MIN });
    expect(order([earlier, one('new', 'active', 2)])).toStrictEqual(['new', 'back']);
  });

  it('never what is over', () => {
    expect(chooseReturn([one('a', 'closed', 1), one('b', 'expired', 2)])).toStrictEqual({ others: [] });
    expect(chooseReturn([])).toStrictEqual({ others: [] });
  });
});
