import type { Event } from './event.ts';
import { factsOf, movedTo, owning } from './facts.ts';
import { withoutGuest, withoutGuests } from './guests.ts';
import type { AgentRef, Disconnected, Session, Suspended } from './session.ts';

type Transferred = Extract<Event, { type: 'transferred' }>;
type Away = Disconnected | Suspended;

/** Handed on while the customer is away: the promises made to them stay, and a kept slot moves along. */
export function transferred(session: Session, { to }: Transferred): Session {
  if (session.status !== 'disconnected' && session.status !== 'suspended') return session;
  return to.kind === 'agent' ? toAgent(session, to.agent) : toQueue(session, to);
}

function toAgent(session: Away, next: AgentRef): Session {
  const facts = owning(session, next);
  if (session.status === 'suspended' || session.was === 'held')
    return withoutGuest({ ...session, ...facts, owner: next }, next.id);
  const { goneAt, cause, returnUntil, warnedAt } = session;
  return {
    ...facts,
    ...{ status: 'disconnected', was: 'offered', goneAt, cause, returnUntil },
    ...(warnedAt !== undefined && { warnedAt }),
  };
}

function toQueue(session: Away, to: Extract<Transferred['to'], { kind: 'queue' }>): Session {
  const { stream, queuedAt, declinedBy, goneAt, cause, returnUntil } = to;
  const { warnedAt } = session;
  return {
    ...withoutGuests(movedTo(factsOf(session), stream)),
    ...{ status: 'disconnected', was: 'queued', queuedAt, declinedBy, goneAt, cause, returnUntil },
    ...(warnedAt !== undefined && { warnedAt }),
  };
}
