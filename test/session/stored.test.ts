import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import type { Event } from '../../src/session/event.ts';
import { evolve } from '../../src/session/evolve.ts';
import type { Status } from '../../src/session/session.ts';
import { anna, ben, commands, conversation, givenLink, MIN, opening, shapes, sid, START } from './given.ts';

const at = START + 30 * MIN;
const later = at + 60 * MIN;
const OPEN = ['bot', 'queued', 'active', 'disconnected', 'resuming', 'suspended'] as const;
const HERE_OR_AWAY = ['active', 'disconnected', 'suspended'] as const;

/** One of each event, and the statuses it says something about. */
const events: readonly (readonly [Event, readonly Status[]])[] = [
  [{ type: 'opened', at, ...opening }, []],
  [{ type: 'queued', at, queuedAt: at, why: 'agentAway', declinedBy: [], stream: 'returns' }, OPEN],
  [{ type: 'leftQueue', at }, ['queued']],
  [{ type: 'queueLimitPassed', at }, ['queued']],
  [{ type: 'outsideHours', at, opensAt: later, timeZone: 'UTC' }, ['queued']],
  [{ type: 'messageLeft', at, until: later, way: 'link' }, ['queued']],
  [{ type: 'agentSilent', at, agent: anna }, ['active']],
  [{ type: 'offeredOn', at, agent: anna }, ['active']],
  [{ type: 'declined', at, agent: ben }, ['queued']],
  [{ type: 'resumed', at, by: anna, implied: false }, ['suspended']],
  [{ type: 'suspensionEdited', at, reason: 'later', suspendedUntil: later }, ['suspended']],
  [{ type: 'waitedInVain', at, why: 'away' }, ['suspended']],
  [{ type: 'warned', at, endsAt: later }, HERE_OR_AWAY],
  [{ type: 'agentReminded', at, about: 'answer', since: at }, ['active', 'suspended']],
  [{ type: 'agentOverdue', at, about: 'answer', since: at }, ['active', 'suspended']],
  [{ type: 'transferred', at, by: anna, to: { kind: 'agent', agent: ben } }, ['disconnected', 'suspended']],
  [{ type: 'identified', at, subject: { kind: 'signedIn', issuer: 'https://shop.example' } }, OPEN],
  [{ type: 'linksRevoked', at, by: 'customer' }, OPEN],
  [{ type: 'continues', at, earlier: sid('earlier') }, OPEN],
  [{ type: 'linkGiven', at, by: anna, link: givenLink(at) }, []],
  [{ type: 'closed', at, by: 'house', wrapUpUntil: later }, OPEN],
  [{ type: 'takenBack', at, agent: anna, followUp: sid('second') }, ['closed']],
  [{ type: 'recorded', at, agent: anna, wrapUp: { notes: 'sent again' } }, ['closed']],
];

it.each(events)('a session changes by an event of its status alone: %j', (event, fits) => {
  for (const shape of Object.values(shapes)) {
    const before = shape().session();
    const after = evolve(before, event);
    if (fits.includes(before.status)) expect(after).not.toStrictEqual(before);
    else expect(after).toBe(before);
  }
});

it('I8: a session that is closed or expired stays so, whatever else is noted of it', () => {
  for (const shape of ['closed', 'expired'] as const) {
    const before = shapes[shape]!().session();
    for (const [event] of events) {
      const { status, epoch, previous } = evolve(before, event);
      expect({ status, epoch, previous }).toStrictEqual({
        status: before.status,
        epoch: before.epoch,
        previous: before.previous,
      });
    }
  }
});

const over = ['closed', 'expired'];
const setAsides = Object.keys(shapes).filter((name) => name.startsWith('suspended'));
const beingAsked = ['agent being asked', 'waiting for an away agent', 'being handed over'];
const inLines = ['in line', 'in line as a message', 'back in line after a message'];
const gone = ['gone, slot held', 'gone, hold over', 'gone from the line'];
const withIts = ['with its agent', 'with a guest'];
const withHold = [
  'gone, slot held',
  'waiting for an away agent',
  'suspended by the customer',
  'suspended, slot kept',
];
const offered = { type: 'offered', at, asked: ben, offeredUntil: later, queuedAt: at } as const;

it.each<readonly [what: string, Event, leavesAlone: readonly string[]]>([
  ['a return', { type: 'returned', at, way: 'link', conversation: conversation('c9') }, over],
  [
    'a departure',
    { type: 'disconnected', at, cause: 'silent', returnUntil: later },
    ['with the bot', ...gone, ...over],
  ],
  [
    'taking it',
    { type: 'accepted', at, owner: ben },
    ['with the bot', ...withIts, ...gone, ...setAsides, ...over],
  ],
  ['asking its agent', offered, ['with the bot', ...inLines, ...beingAsked, ...setAsides, ...over]],
  ['asking a colleague', { ...offered, from: anna }, ['with the bot', ...over]],
  [
    'the end of a hold',
    { type: 'holdEnded', at, why: 'lapsed' },
    Object.keys(shapes).filter((name) => !withHold.includes(name)),
  ],
  [
    'its time being up',
    { type: 'expired', at },
    ['in line', 'back in line after a message', ...beingAsked, ...over],
  ],
])('%s leaves alone what it cannot be about', (_, event, leavesAlone) => {
  const alone = Object.entries(shapes).filter(([, shape]) => {
    const before = shape().session();
    return isDeepStrictEqual(evolve(before, event), before);
  });
  expect(alone.map(([name]) => name).toSorted()).toEqual(leavesAlone.toSorted());
});

it('whatever is decided of a session can be stored, and loads as it was', () => {
  for (const shape of Object.values(shapes)) {
    const count = commands(0).length;
    for (let i = 0; i < count; i++) {
      const s = shape().unnoticed(MIN);
      const session = s.does(commands(s.now())[i]!).session();
      expect(JSON.parse(JSON.stringify(session))).toStrictEqual(session);
    }
  }
});
