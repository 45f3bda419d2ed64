import type { CardStanding } from '../../src/cards/agent-view.ts';
import { MIN, NOW } from './given.ts';

export const soon = NOW + 10 * MIN;
export const gone = { kind: 'gone', cause: 'phone', returnUntil: soon } as const;
/** Every standing, and the verbs its card offers. */
export const STANDINGS: readonly (readonly [string, CardStanding, readonly string[]])[] = [
  ['in line', { kind: 'request', queuedAt: NOW - MIN }, ['accept', 'decline']],
  ['taken by somebody else', { kind: 'taken', by: 'Dana Okoro' }, []],
  ['offered to somebody else', { kind: 'asked', by: 'Dana Okoro' }, []],
  ['passed on', { kind: 'passed' }, []],
  ['no longer waiting', { kind: 'withdrawn' }, []],
  ['theirs', { kind: 'active' }, ['message', 'comment', 'suspend', 'close', 'why']],
  [
    'theirs, an answer owed',
    { kind: 'active', owedSince: NOW - 5 * MIN },
    ['message', 'comment', 'suspend', 'close', 'why'],
  ],
  ['back', { kind: 'back', awayMs: 14 * MIN }, ['message', 'comment', 'suspend', 'close', 'why']],
  [
    'gone, slot kept',
    { ...gone, keeps: 'slot', heldUntil: soon },
    ['message', 'comment', 'suspend', 'releaseHold', 'close', 'why'],
  ],
  ['gone, asked first', { ...gone, keeps: 'first' }, ['message', 'comment', 'suspend', 'close', 'why']],
  ['gone from the line', { ...gone, keeps: 'line' }, []],
  ['gone, not theirs', { ...gone, cause: 'silent', keeps: 'nothing' }, []],
  ['offered to them', { kind: 'offered', offeredUntil: NOW + MIN }, ['accept', 'decline']],
  [
    'handed over to them',
    { kind: 'offered', offeredUntil: NOW + MIN, by: 'Dana Okoro', note: 'needs a second look' },
    ['accept', 'decline'],
  ],
  ['asked in', { kind: 'guest', by: 'Dana Okoro', joined: false }, ['join', 'leave']],
  ['joined', { kind: 'guest', by: 'Dana Okoro', joined: true }, ['message', 'comment', 'leave', 'why']],
  [
    'set aside',
    { kind: 'suspended', suspendedUntil: soon, note: 'asking the depot', backBy: soon },
    ['message', 'comment', 'resume', 'editSuspension', 'close', 'why'],
  ],
  [
    'set aside, customer back',
    { kind: 'suspended', suspendedUntil: soon, customerBackAt: NOW },
    ['message', 'comment', 'resume', 'editSuspension', 'close', 'why'],
  ],
  ['ended', { kind: 'ended', endedAt: NOW, expired: true }, []],
  [
    'ended, can be taken back',
    { kind: 'ended', endedAt: NOW, expired: false, takeBackUntil: soon },
    ['takeBack', 'record', 'why'],
  ],
];
