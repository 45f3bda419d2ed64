import { expect, test } from 'vitest';
import { rankAgents, type AgentState } from '../../src/session/routing.ts';
import { slotOf } from '../../src/session/slots.ts';
import { anna, ben, ended, held, MIN, pausedByCustomer, setAside, waitsForAnna, withAnna } from './given.ts';

const slot = { wrapUpSlotMs: 5 * MIN };

test('row 28: Close gives the place back at once where the settings give the wrap-up none', () => {
  expect(slotOf(ended().session())).toBeUndefined();
});

test('row 34: the place stays blocked for the wrap-up, and lapses by itself', () => {
  const s = ended(slot);
  expect(slotOf(s.session())).toEqual({ agent: anna.id, kind: 'held', until: s.now() + 5 * MIN });
  expect(slotOf(s.after(5 * MIN).session())).toBeUndefined();
  expect(s.told()).toEqual([]);
});

test('row 34: Done gives it back early, to whoever had the chat and to nobody else', () => {
  const s = ended(slot);
  expect(s.does({ type: 'releaseHold', agent: ben }).answer().refused).toEqual({ kind: 'notYours' });
  expect(slotOf(s.does({ type: 'releaseHold', agent: anna }).session())).toBeUndefined();
  expect(s.does({ type: 'releaseHold', agent: anna }).answer().refused).toMatchObject({ kind: 'over' });
});

test('row 34: a chat that was not at work needs no place for its wrap-up', () => {
  const s = held(slot).does({ type: 'close', by: 'agent', agent: anna });
  expect(slotOf(s.session())).toBeUndefined();
});

test('N4: a place held for somebody who is away is given up for those who have waited too long', () => {
  for (const away of [held, pausedByCustomer]) {
    const s = away().does({ type: 'freeHold' });
    expect(slotOf(s.session())).toBeUndefined();
    expect(s.told()).toEqual(['agent: holdEnded']);
  }
});

test('N4: nobody loses the place of a customer who is here, or that an agent keeps for themselves', () => {
  for (const here of [withAnna, waitsForAnna, () => setAside({ suspendFreesCapacity: false })])
    expect(here().does({ type: 'freeHold' }).answer().events).toEqual([]);
});

const state = (id: string, over: Partial<AgentState> = {}): AgentState => ({
  ...{ id: id as AgentState['id'], name: id, permitted: true, status: 'available' },
  ...{ capacity: 5, used: 0, lastReleasedAt: 0, streams: [], ...over },
});
const ranked = (agents: readonly AgentState[], previous?: string): readonly string[] =>
  rankAgents(agents, {
    stream: 'support',
    declinedBy: [],
    ...(previous !== undefined && { previous: previous as AgentState['id'] }),
  }).map(({ id }) => id);

test('row 24, row 35: the previous agent is asked first, then whoever has a free place, the longest idle before the others', () => {
  const late = state('late', { lastReleasedAt: 300 });
  const early = state('early', { lastReleasedAt: 100 });
  const full = state('full', { used: 5 });
  const over = state('over', { used: 6 });
  const elsewhere = state('elsewhere', { streams: ['sales'] });
  const all = [over, late, full, elsewhere, early];
  expect(ranked(all)).toEqual(['early', 'late']);
  expect(ranked(all, 'late')).toEqual(['late', 'early']);
});

test.each([
  ['full', state('anna', { used: 5 })],
  ['busy in Teams', state('anna', { status: 'busy' })],
])('row 30: a previous agent who is %s is still asked first', (_, agent) => {
  expect(ranked([state('ben'), agent], 'anna')).toEqual(['anna', 'ben']);
});

test.each([
  ['is away', { status: 'away' }],
  ['is offline', { status: 'offline' }],
  ['may not chat any more', { permitted: false }],
] as const)('row 29, row 72: nobody is asked who %s, the previous agent least of all', (_, over) => {
  expect(ranked([state('anna', over), state('ben')], 'anna')).toEqual(['ben']);
});
