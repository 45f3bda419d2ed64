import { withoutGuest } from './guests.ts';
import type { AgentRef, Facts, Session } from './session.ts';

/**
 * What a session takes along when its status changes; also what a newer house has noted of it, which this one cannot
 * read: during an upgrade both work on the same sessions, and neither may lose what the other knows.
 */
export function factsOf(session: Session): Facts {
  const { id, customer, widget, stream, subject, conversation, openedAt, ver, epoch, agents } = session;
  const { previous, queuedAt, reason, follows, linkFamily, lastSaid } = session;
  const { formerStreams, asides, guests } = session;
  return {
    ...unknownIn(session),
    ...{ id, customer, widget, stream, subject, conversation, openedAt, ver, epoch, agents },
    ...(previous && { previous }),
    ...(queuedAt !== undefined && { queuedAt }),
    ...(reason !== undefined && { reason }),
    ...(follows !== undefined && { follows }),
    ...(linkFamily !== undefined && { linkFamily }),
    ...(formerStreams && { formerStreams }),
    ...(asides && { asides }),
    ...(guests && { guests }),
    ...(lastSaid && { lastSaid }),
  };
}

/** The same with this agent as the last who owned it. */
export function owning(session: Session, owner: AgentRef): Facts {
  const facts = withoutGuest(factsOf(session), owner.id);
  const known = facts.agents.some((agent) => agent.id === owner.id);
  return { ...facts, agents: known ? facts.agents : [...facts.agents, owner], previous: owner };
}

/** The same in another work stream. */
export function movedTo(facts: Facts, stream: string | undefined): Facts {
  if (stream === undefined || stream === facts.stream) return facts;
  const former = [...(facts.formerStreams ?? []), facts.stream].filter((one) => one !== stream);
  const { formerStreams: _, ...rest } = facts;
  return { ...rest, stream, ...(former.length > 0 && { formerStreams: [...new Set(former)] }) };
}

type KeyOf<T> = T extends unknown ? keyof T : never;

/** Every field that a session of any status has; the compiler names one that is missing. */
const KNOWN: Readonly<Record<KeyOf<Session>, true>> = {
  ...{ id: true, customer: true, widget: true, stream: true, subject: true, conversation: true },
  ...{ openedAt: true, ver: true, epoch: true, agents: true, previous: true, queuedAt: true },
  ...{ reason: true, follows: true, linkFamily: true, formerStreams: true, asides: true, guests: true },
  ...{ lastSaid: true },
  // Of one status alone, or of a few: not taken along.
  ...{ status: true, since: true, waitingSince: true, limitToldAt: true, opensAt: true, message: true },
  ...{ moved: true, declinedBy: true, owner: true, warnedAt: true, agentSilentAt: true, offeredOnAt: true },
  ...{ remindedAt: true, overdueAt: true, goneAt: true, cause: true, returnUntil: true, was: true },
  ...{
    agentHeldUntil: true,
    by: true,
    suspendedAt: true,
    suspendReason: true,
    backBy: true,
    promisedAt: true,
  },
  ...{
    suspendedUntil: true,
    customerBackAt: true,
    waitedInVainAt: true,
    asked: true,
    offeredUntil: true,
    askedAt: true,
  },
  ...{ from: true, note: true, closedAt: true, wrapUpUntil: true, wrapUp: true, followedBy: true },
  ...{ expiredAt: true },
};

const unknownIn = (session: Session): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(session).filter(([name]) => !Object.hasOwn(KNOWN, name)));
