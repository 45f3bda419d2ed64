import { withoutGuest } from './guests.ts';
import type { AgentRef, Facts, Session } from './session.ts';

/** What a session takes along when its status changes. */
export function factsOf(session: Session): Facts {
  const { id, customer, widget, stream, subject, conversation, openedAt, ver, epoch, agents } = session;
  const { previous, queuedAt, reason, follows, linkFamily, lastSaid } = session;
  const { formerStreams, asides, guests } = session;
  return {
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
