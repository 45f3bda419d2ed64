import type { Decision } from './answers.ts';
import type { Command } from './command.ts';
import type { Event } from './event.ts';
import { addOpenTime } from './hours.ts';
import type { Rules } from './rules.ts';
import type { Active, Session, Suspended } from './session.ts';

const BACK_SOON_MS = 10 * 60_000;

/** Since when the customer waits for an answer, once their agent was reminded of it; `undefined` while nobody was. */
export function owedSince(session: Active): number | undefined {
  const { remindedAt, overdueAt, lastSaid } = session;
  if (lastSaid?.by !== 'customer' || (remindedAt ?? overdueAt) === undefined) return undefined;
  const since = Math.max(session.since, lastSaid.since ?? lastSaid.at);
  return Math.max(remindedAt ?? 0, overdueAt ?? 0) > since ? since : undefined;
}

/** An agent who owes an answer is reminded once, and once more with a supervisor told; none of it ends anything. */
export function owing(session: Active, { answerReminderMs, hours }: Rules): readonly Event[] {
  const { lastSaid, remindedAt = 0, overdueAt = 0 } = session;
  if (lastSaid?.by !== 'customer') return [];
  const since = Math.max(session.since, lastSaid.since ?? lastSaid.at);
  if (overdueAt > since) return [];
  const overdue: Event = {
    type: 'agentOverdue',
    at: addOpenTime(hours, since, 2 * answerReminderMs),
    about: 'answer',
    since,
  };
  return remindedAt > since
    ? [overdue]
    : [
        overdue,
        { type: 'agentReminded', at: addOpenTime(hours, since, answerReminderMs), about: 'answer', since },
      ];
}

/** An agent who promised to be back is reminded ten minutes before, or halfway; a promise that is broken is told. */
export function promised(session: Suspended): readonly Event[] {
  const { backBy, remindedAt, overdueAt, promisedAt = session.suspendedAt } = session;
  if (backBy === undefined || overdueAt !== undefined) return [];
  const missed: Event = { type: 'agentOverdue', at: backBy, about: 'backBy', since: promisedAt };
  const at = Math.max(backBy - BACK_SOON_MS, Math.ceil((promisedAt + backBy) / 2));
  return remindedAt !== undefined || at >= backBy
    ? [missed]
    : [missed, { type: 'agentReminded', at, about: 'backBy', since: promisedAt, backBy }];
}

/** Whoever answers the customer after a reminder no longer owes: lists and cards say so at once. */
export function answering(session: Session, command: Command, decision: Decision, now: number): Decision {
  if (session.status !== 'active' || (session.remindedAt ?? session.overdueAt) === undefined) return decision;
  if (command.type !== 'agentActs' || command.act === 'comment' || command.act === 'conference')
    return decision;
  return decision.refused === undefined
    ? { ...decision, events: [...decision.events, { type: 'answered', at: now }] }
    : decision;
}

/** Whether nobody needs telling of something any more, for what has come after it. */
export const isIdle = (what: Event, passed: readonly Event[]): boolean => {
  const has = (type: Event['type']): boolean => passed.some((one) => one.type === type);
  if (what.type === 'warned' || what.type === 'agentOverdue') return has('expired');
  return what.type === 'agentReminded' && (has('expired') || has('agentOverdue'));
};

/** The session after a reminder. */
export function reminded(session: Session, { type, at }: Extract<Event, { type: Reminder }>): Session {
  if (session.status !== 'active' && session.status !== 'suspended') return session;
  if (type === 'agentReminded') return { ...session, remindedAt: at };
  // Found out late, the reminder in between is left out: it must make no difference.
  const { remindedAt: _, ...kept } = session;
  return { ...kept, overdueAt: at };
}
type Reminder = 'agentReminded' | 'agentOverdue';

/** The session once the answer that was owed has been given. */
export function withoutDebt(session: Session): Session {
  if (session.status !== 'active') return session;
  const { remindedAt: _, overdueAt: __, ...kept } = session;
  return kept;
}
