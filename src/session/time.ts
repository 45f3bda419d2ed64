import type { Event } from './event.ts';
import { evolve } from './evolve.ts';
import { addOpenTime } from './hours.ts';
import { inLine } from './message.ts';
import { isIdle, owing, promised } from './reminders.ts';
import type { Rules } from './rules.ts';
import type { Active, Bot, Disconnected, Resuming, Session, Suspended } from './session.ts';
import { handsOn } from './whose.ts';

/** Something that will happen by itself. */
export interface Deadline {
  /** ms; reached exactly counts as passed. */
  readonly at: number;
  readonly what: Event;
}

/** The deadlines that run for a session now, earliest first; at the same moment, the one that makes the other needless. */
export const deadlines = (session: Session, rules: Rules): readonly Deadline[] =>
  running(session, rules)
    .map((what) => ({ at: what.at, what }))
    .sort((a, b) => a.at - b.at);

/** When the session next needs looking at, ms; `undefined` = never by itself. */
export const nextDeadline = (session: Session, rules: Rules): number | undefined =>
  deadlines(session, rules)[0]?.at;

/** What time alone has done to a session by `now`, each event at its own deadline, so that late sweeps change nothing. */
export function lapse(session: Session, now: number, rules: Rules): readonly Event[] {
  const events: Event[] = [];
  for (let current = session; ;) {
    const passed = deadlines(current, rules).filter(({ at }) => at <= now);
    // Nobody is warned of an end that has come already, nor reminded of a promise that is broken.
    const all = passed.map(({ what }) => what);
    const due = passed.find(({ what }) => !isIdle(what, all));
    if (due === undefined) return events;
    events.push(due.what);
    current = evolve(current, due.what);
  }
}

function running(session: Session, rules: Rules): readonly Event[] {
  switch (session.status) {
    case 'bot':
      return owesAnswer(session) ? [{ type: 'expired', at: silentSince(session) + rules.autoCloseMs }] : [];
    case 'queued':
      return inLine(session, rules);
    case 'active':
      return owesAnswer(session)
        ? ending(session, silentSince(session), silentSince(session) + rules.autoCloseMs, rules)
        : owing(session, rules);
    case 'disconnected':
      return [
        ...ending(session, session.goneAt, session.returnUntil, rules),
        ...(session.was === 'held' ? holding(session.agentHeldUntil) : []),
      ];
    case 'resuming':
      return [unanswered(session)];
    case 'suspended':
      return [
        ...(session.customerBackAt === undefined
          ? ending(session, session.suspendedAt, session.suspendedUntil, rules)
          : inVain(session, session.customerBackAt, rules)),
        ...holding(session.agentHeldUntil),
        ...promised(session),
      ];
    case 'closed':
      return holding(session.agentHeldUntil);
    case 'expired':
      return [];
  }
}

/** The customer owes the answer unless the last word is theirs: nobody expires while waiting to be answered. */
const owesAnswer = (session: Bot | Active): boolean => session.lastSaid?.by !== 'customer';

const silentSince = (session: Bot | Active): number =>
  Math.max(session.since, session.lastSaid?.at ?? session.since);

/**
 * Nobody waits in silence: who came back may choose somebody else after the time an agent has to answer; who never left,
 * once the agent's promise is broken.
 */
function inVain(session: Suspended, customerBackAt: number, rules: Rules): readonly Event[] {
  if (session.waitedInVainAt !== undefined) return [];
  const cameBack = customerBackAt > session.suspendedAt;
  // Whoever comes back to a broken promise is not asked to wait for it once more.
  const patience = session.overdueAt === undefined ? rules.offerTimeoutMs : 0;
  const at = cameBack ? addOpenTime(rules.hours, customerBackAt, patience) : session.backBy;
  return at === undefined ? [] : [{ type: 'waitedInVain', at, why: 'silent' }];
}

const holding = (until: number | undefined): readonly Event[] =>
  until === undefined ? [] : [{ type: 'holdEnded', at: until, why: 'lapsed' }];

function ending(
  session: Active | Disconnected | Suspended,
  from: number,
  end: number,
  rules: Rules,
): readonly Event[] {
  const warnAt = Math.max(from, end - rules.warnBeforeMs);
  const warned = session.warnedAt !== undefined && session.warnedAt >= warnAt;
  const expired: Event = { type: 'expired', at: end };
  return warned || warnAt >= end ? [expired] : [expired, { type: 'warned', at: warnAt, endsAt: end }];
}

/** Who let the question pass is not asked again; who was away may still come back for it. */
function unanswered(session: Resuming): Event {
  const { offeredUntil: at, queuedAt, agentHeldUntil, asked } = session;
  return agentHeldUntil === undefined
    ? { type: 'queued', at, queuedAt, why: 'agentSilent', declinedBy: [asked.id, ...handsOn(session)] }
    : { type: 'queued', at, queuedAt, why: 'agentAway', declinedBy: handsOn(session) };
}
