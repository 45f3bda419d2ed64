import { guestOf } from './guests.ts';
import type { AgentId } from './ids.ts';
import type { AgentRef, Closed, Expired, Session, Subject } from './session.ts';

/** A session that is not over. */
export type Open = Exclude<Session, Closed | Expired>;

/** Whether it is closed or expired: both are final. */
export const isOver = (session: Session): session is Closed | Expired =>
  session.status === 'closed' || session.status === 'expired';

/** When it ended, ms; `undefined` while it has not. */
export function endOf(session: Session): number | undefined {
  if (!isOver(session)) return undefined;
  return session.status === 'closed' ? session.closedAt : session.expiredAt;
}

/** Whether any agent may take it now: it waits in line, or is offered on by an agent who is silent. */
export const isOpenToAll = (session: Session): boolean =>
  session.status === 'queued' || (session.status === 'active' && session.offeredOnAt !== undefined);

/** Who owns the session now: at most one agent, and a change raises `epoch`. Nobody owns what is queued, asked or over. */
export function ownerOf(session: Session): AgentRef | undefined {
  switch (session.status) {
    case 'active':
    case 'suspended':
      return session.owner;
    case 'disconnected':
      return session.was === 'held' ? session.owner : undefined;
    default:
      return undefined;
  }
}

/**
 * The agent whose session it is in people's eyes, and who may act on it: its owner; without one, the agent who is being
 * asked or who will be asked on return.
 */
export function agentOf(session: Session): AgentRef | undefined {
  if (session.status === 'resuming') return session.asked;
  if (session.status === 'disconnected' && session.was === 'offered') return session.previous;
  return ownerOf(session);
}

/** Whether the session is this agent's, in the sense of `agentOf`. */
export const isTheirs = (session: Session, agent: AgentRef): boolean => agentOf(session)?.id === agent.id;

/**
 * Whether an agent is told what is said in it: anybody may take it now, it was ever theirs, or they are asked to take it
 * or into it.
 */
export const isToldOf = (session: Session, agent: AgentId): boolean =>
  isOpenToAll(session) ||
  session.agents.some(({ id }) => id === agent) ||
  guestOf(session, agent) !== undefined ||
  (session.status === 'resuming' && session.asked.id === agent);

/** Since when the customer is away, ms; `undefined` while they are here, in line, or it is over. */
export function awaySince(session: Session): number | undefined {
  if (session.status === 'disconnected') return session.goneAt;
  return session.status === 'suspended' && session.customerBackAt === undefined
    ? (session.goneAt ?? session.suspendedAt)
    : undefined;
}

/** Who hands it on has passed: they are not asked again at once when the one they chose does not take it. */
export const handsOn = (session: Session): readonly AgentId[] =>
  session.status === 'resuming' && session.from !== undefined ? [session.from.id] : [];

/** Whether a subject is who the session's customer is known as: unknown both, or the same account of the same site. */
export function isSamePerson({ customer, subject: known }: Session, subject: Subject): boolean {
  if (known.kind === 'anonymous' || subject.kind === 'anonymous') return known.kind === subject.kind;
  return known.issuer === subject.issuer && (known.account ?? customer) === (subject.account ?? customer);
}
