import { expect, test } from 'vitest';
import { customerState } from '../../src/cards/state.ts';
import type { Bot } from '../../src/session/session.ts';
import { facts, jonas, MIN, NOW, sid } from './given.ts';

const bot: Bot = { ...facts, status: 'bot', since: NOW };
const held = { status: 'disconnected', was: 'held', owner: jonas, goneAt: NOW, cause: 'silent' } as const;

test('a page without a session is told so, and the time', () => {
  expect(customerState(undefined, { now: NOW })).toEqual({ status: 'none', now: NOW });
});

test('a customer with an agent is told the first name', () => {
  const active = { ...facts, status: 'active', owner: jonas, since: NOW } as const;
  expect(customerState(active, { now: NOW, seq: 9 })).toEqual({
    status: 'active',
    sid,
    epoch: 2,
    agent: 'Jonas',
    seq: 9,
    now: NOW,
  });
});

test('a customer in line is told their place, nobody else is', () => {
  const queued = { ...facts, status: 'queued', queuedAt: NOW, waitingSince: NOW, declinedBy: [] } as const;
  expect(customerState(queued, { now: NOW, place: 3 })).toMatchObject({ status: 'queued', place: 3 });
  expect(customerState(queued, { now: NOW, place: 3 })).not.toHaveProperty('agent');
  expect(customerState(bot, { now: NOW, place: 3 })).not.toHaveProperty('place');
});

test('a customer who waits is told for whom, and until when', () => {
  const resuming = {
    ...facts,
    status: 'resuming',
    asked: jonas,
    offeredUntil: NOW + MIN,
    queuedAt: NOW,
  } as const;
  expect(customerState(resuming, { now: NOW })).toMatchObject({ agent: 'Jonas', until: NOW + MIN });
  const suspended = {
    ...facts,
    status: 'suspended',
    owner: jonas,
    by: 'agent',
    suspendedAt: NOW,
    suspendedUntil: NOW + 9 * MIN,
  } as const;
  expect(customerState(suspended, { now: NOW })).not.toHaveProperty('until');
  expect(customerState({ ...suspended, backBy: NOW + 5 * MIN }, { now: NOW })).toMatchObject({
    agent: 'Jonas',
    until: NOW + 5 * MIN,
  });
});

test('a page that lost touch is told how long the place is kept', () => {
  const gone = { ...facts, ...held, agentHeldUntil: NOW + MIN, returnUntil: NOW + 2 * MIN };
  expect(customerState(gone, { now: NOW })).toMatchObject({ agent: 'Jonas', until: NOW + MIN });
});

test('a page that shows the prompt is choosing', () => {
  const gone = { ...facts, ...held, agentHeldUntil: NOW + MIN, returnUntil: NOW + 2 * MIN };
  expect(customerState(gone, { now: NOW, choosing: true })).toMatchObject({
    status: 'choosing',
    sid,
    epoch: 2,
  });
});

test('a session that is over names nobody', () => {
  const closed = { ...facts, status: 'closed', by: 'agent', closedAt: NOW, wrapUpUntil: NOW } as const;
  expect(customerState(closed, { now: NOW })).toEqual({ status: 'closed', sid, epoch: 2, now: NOW });
});
