import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { fold } from '../../src/session/fold.ts';
import { RECOMMENDED, type Rules } from '../../src/session/rules.ts';
import { slotOf } from '../../src/session/slots.ts';
import { deadlines, nextDeadline } from '../../src/session/time.ts';
import { ownerOf } from '../../src/session/whose.ts';
import { commands, HOUR, MIN, shapes } from './given.ts';

const settings: Readonly<Record<string, Partial<Rules>>> = {
  recommended: {},
  'as seed B wants it': {
    closedWindow: 'suspend',
    startFresh: 'keep',
    suspendedReturn: 'wait',
    suspendFreesCapacity: false,
  },
  'closed from noon to the next morning': {
    hours: {
      timeZone: 'Europe/Berlin',
      week: Array.from({ length: 7 }, () => [{ from: 9 * 60, to: 12 * 60 }]),
      holidays: { '2026-01-07': [] },
    },
  },
  'with a wrap-up that takes its place': { wrapUpSlotMs: 5 * MIN },
  'without a hold': { previousAgentWindowMs: 0, closedWindow: 'end' },
};

/** What each status carries besides the facts, required ones and those that may be missing. */
const carried: Readonly<Record<Session['status'], readonly [readonly string[], readonly string[]]>> = {
  bot: [['since'], []],
  queued: [
    ['queuedAt', 'waitingSince', 'declinedBy'],
    ['limitToldAt', 'opensAt', 'message', 'moved'],
  ],
  active: [
    ['owner', 'since'],
    ['warnedAt', 'agentSilentAt', 'offeredOnAt', 'remindedAt', 'overdueAt'],
  ],
  disconnected: [
    ['goneAt', 'cause', 'returnUntil', 'was'],
    ['warnedAt', 'owner', 'agentHeldUntil', 'declinedBy'],
  ],
  resuming: [
    ['asked', 'offeredUntil', 'queuedAt'],
    ['agentHeldUntil', 'askedAt', 'from', 'note'],
  ],
  suspended: [
    ['owner', 'by', 'suspendedAt', 'suspendedUntil'],
    [
      'suspendReason',
      'backBy',
      'promisedAt',
      'customerBackAt',
      'goneAt',
      'waitedInVainAt',
      'agentHeldUntil',
      'warnedAt',
      'remindedAt',
      'overdueAt',
    ],
  ],
  closed: [
    ['by', 'closedAt', 'wrapUpUntil'],
    ['followedBy', 'wrapUp', 'agentHeldUntil'],
  ],
  expired: [['was', 'expiredAt'], []],
};
const facts = 'id customer widget stream subject conversation openedAt ver epoch agents'.split(' ');
const mayKnow =
  'previous queuedAt reason follows linkFamily formerStreams asides guests lastSaid status'.split(' ');

/** A session carries exactly the data of its status, and survives being stored. */
function expectValid(session: Session): void {
  const [needs, may] = carried[session.status];
  const has = Object.keys(session);
  expect(has).toEqual(expect.arrayContaining([...facts, ...needs]));
  expect([...facts, ...mayKnow, ...needs, ...may]).toEqual(expect.arrayContaining(has));
  expect(JSON.parse(JSON.stringify(session))).toStrictEqual(session);
  if (session.status === 'disconnected') expect('agentHeldUntil' in session).toBe(session.was === 'held');
  if (session.previous) expect(session.agents.map(({ id }) => id)).toContain(session.previous.id);
  expect(new Set(session.agents.map(({ id }) => id)).size).toBe(session.agents.length);
}

describe.each(Object.entries(settings))('with settings %s', (_, rules) => {
  describe.each(Object.entries(shapes))('a session %s', (__, shape) => {
    const count = commands(0).length;
    it('answers every command with a valid session, now and after hours', () => {
      for (const wait of [0, MIN, HOUR, 72 * HOUR]) {
        for (let i = 0; i < count; i++) {
          const s = shape(rules).unnoticed(wait);
          const before = s.session();
          const after = s.does(commands(s.now())[i]!).session();
          expectValid(after);
          const { events } = s.answer();
          expect(after.ver - before.ver).toBe(events.length > 0 ? 1 : 0);
          const moved =
            ownerOf(before)?.id !== ownerOf(after)?.id ||
            before.conversation !== after.conversation ||
            before.subject.kind !== after.subject.kind;
          expect(after.epoch - before.epoch).toBe(moved ? 1 : 0);
          const { lastSaid: ___, ...stored } = after;
          expect(fold(s.audit())).toStrictEqual(stored);
        }
      }
    });

    it('changes nothing and breaks nothing for the same command asked again at once', () => {
      for (let i = 0; i < count; i++) {
        const s = shape(rules);
        const once = s.does(commands(s.now())[i]!).session();
        const command = commands(s.now())[i]!;
        // What is withdrawn twice stays withdrawn; only the count goes on.
        if (command.type === 'revokeLinks') continue;
        const twice = s.does(command).session();
        expect({ ...twice, ver: 0 }).toStrictEqual({ ...once, ver: 0 });
      }
    });

    it('has no deadline left that is over once time has taken effect', () => {
      const s = shape(rules);
      for (const wait of [MIN, 10 * MIN, HOUR, 24 * HOUR, 24 * HOUR]) {
        const session = s.after(wait).session();
        const all = { ...RECOMMENDED, ...rules };
        expect(nextDeadline(session, all) ?? Infinity).toBeGreaterThan(s.now());
        expect(slotOf(session)?.until ?? Infinity).toBeGreaterThan(s.now());
        expect(deadlines(session, all).map(({ at }) => at)).toStrictEqual(
          deadlines(session, all)
            .map(({ at }) => at)
            .toSorted((a, b) => a - b),
        );
      }
    });
  });

  it.each(['closed', 'expired'])(
    'whoever asks anything of a session that is %s is told it is over',
    (status) => {
      for (const command of commands(0)) {
        const s = shapes[status]!(rules);
        const before = s.session();
        const isWrapUp = ['takeBack', 'record', 'releaseHold'].includes(command.type);
        if (isWrapUp && status === 'closed') continue;
        s.does(command);
        expect(s.session()).toBe(before);
        expect(s.answer().refused?.kind).toBe(command.type === 'tick' ? undefined : 'over');
      }
    },
  );
});
