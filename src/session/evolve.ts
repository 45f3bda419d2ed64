import type { Event } from './event.ts';
import { factsOf, movedTo, owning } from './facts.ts';
import { withAsked, withInvited, withJoined, withoutGuest, withoutGuests } from './guests.ts';
import { isMessage, type WaitingMessage } from './message.ts';
import { transferred } from './moved.ts';
import { reminded, withoutDebt } from './reminders.ts';
import type { Active, AgentRef, Closed, Expired, Moved, Resuming, Session, Suspended } from './session.ts';
import { agentOf, isOver, isSamePerson, ownerOf } from './whose.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/**
 * Applies one event. An event that does not fit the status leaves the session as it is; `decide` never makes one. Counts
 * nothing: `ver` and `epoch` are `evolveAll`'s. Throws `TypeError` only when a session does not begin with `opened`.
 */
export function evolve(session: Session | undefined, event: Event): Session {
  if (session === undefined) {
    if (event.type === 'opened') return opened(event);
    throw new TypeError(`A session begins with opened, not with ${event.type}`);
  }
  if (isOver(session)) return afterEnd(session, event);
  switch (event.type) {
    case 'opened':
    case 'takenBack':
    case 'recorded':
      return session;
    case 'queued':
      return queued(session, event);
    case 'leftQueue':
      return leftQueue(session, event);
    case 'queueLimitPassed':
      return session.status === 'queued' ? { ...session, limitToldAt: event.at } : session;
    case 'outsideHours':
      return session.status === 'queued' ? { ...session, opensAt: event.opensAt } : session;
    case 'messageLeft':
      return session.status === 'queued'
        ? { ...session, message: { leftAt: event.at, until: event.until } }
        : session;
    case 'accepted':
      return accepted(session, event);
    case 'agentSilent':
      return session.status === 'active' ? { ...session, agentSilentAt: event.at } : session;
    case 'offeredOn':
      return session.status === 'active' ? { ...session, offeredOnAt: event.at } : session;
    case 'agentBack':
      return session.status === 'active' ? withoutSilence(session) : session;
    case 'declined':
      return session.status === 'queued'
        ? { ...session, declinedBy: [...session.declinedBy, event.agent.id] }
        : session;
    case 'disconnected':
      return disconnected(session, event);
    case 'holdEnded':
      return holdEnded(session);
    case 'returned':
      return returned(session, event);
    case 'offered':
      return offered(session, event);
    case 'transferred':
      return transferred(session, event);
    case 'invited':
      return withInvited(session, event.guest, event.at);
    case 'guestJoined':
      return withJoined(session, event.guest.id, event.at);
    case 'guestLeft':
      return withoutGuest(session, event.guest.id);
    case 'suspended':
      return suspended(session, event);
    case 'suspensionEdited':
      return suspensionEdited(session, event);
    case 'resumed':
      return session.status === 'suspended' ? active(session, session.owner, event.at) : session;
    case 'warned':
      return warned(session, event);
    case 'agentReminded':
    case 'agentOverdue':
      return reminded(session, event);
    case 'answered':
      return withoutDebt(session);
    case 'identified':
      return { ...session, subject: event.subject };
    case 'linkGiven':
      return session;
    case 'linksRevoked':
      return { ...session, linkFamily: (session.linkFamily ?? 0) + 1 };
    case 'continues':
      return { ...session, follows: event.earlier };
    case 'waitedInVain':
      return session.status === 'suspended' ? { ...session, waitedInVainAt: event.at } : session;
    case 'closed':
      return {
        ...withoutGuests(factsOf(session)),
        status: 'closed',
        by: event.by,
        closedAt: event.at,
        wrapUpUntil: event.wrapUpUntil,
        ...(event.wrapUp && { wrapUp: event.wrapUp }),
        ...(event.agentHeldUntil !== undefined && { agentHeldUntil: event.agentHeldUntil }),
      };
    case 'expired':
      return expired(session, event);
  }
  // Of a newer house, read in an audit during an upgrade: what it changed stands in the session as it was written.
  return session;
}

/**
 * Applies what one decision brought and counts it: `ver` +1, and `epoch` +1 if the owner, the conversation or the subject
 * is another than before. Without events the session stays as it is. Throws like `evolve`.
 */
export function evolveAll(session: Session | undefined, events: readonly Event[]): Session {
  const after = events.reduce(evolve, session);
  if (after === undefined) throw new TypeError('A session begins with opened, not with nothing');
  if (events.length === 0) return after;
  return { ...after, ver: after.ver + 1, epoch: after.epoch + (fenced(session, after) ? 1 : 0) };
}

const fenced = (before: Session | undefined, after: Session): boolean =>
  before === undefined ||
  before.conversation !== after.conversation ||
  ownerOf(before)?.id !== ownerOf(after)?.id ||
  !sameSubject(before, after);

const sameSubject = (before: Session, after: Session): boolean => isSamePerson(before, after.subject);

function opened(event: Of<'opened'>): Session {
  const { type: _, at, ...given } = event;
  return { ...given, status: 'bot', openedAt: at, since: at, ver: 0, epoch: 0, agents: [] };
}

function queued(session: Session, event: Of<'queued'>): Session {
  if (session.status === 'queued' && event.stream === undefined) return session;
  return {
    ...withoutGuests(movedTo(factsOf(session), event.stream)),
    status: 'queued',
    queuedAt: event.queuedAt,
    waitingSince: event.at,
    declinedBy: event.declinedBy,
    // Handed to another queue it is a message still: its customer may have gone.
    ...(session.status === 'queued' && session.message && { message: session.message }),
    ...(event.reason !== undefined && { reason: event.reason }),
    ...movedFrom(session, event),
  };
}

/** The rung of the ladder that led to the queue; whoever asks for the first time, or only stepped out of line, has none. */
function movedFrom(session: Session, { why, at }: Of<'queued'>): { readonly moved?: Moved } {
  if (why === 'handoff' || why === 'backInLine') return {};
  const from = agentOf(session);
  const askedAt = session.status === 'resuming' ? session.askedAt : undefined;
  return {
    moved: { why, ...(from && { from }), ...(askedAt !== undefined && { askedMs: at - askedAt }) },
  };
}

/** The place is given up: a later handoff starts at the end of the line. */
function leftQueue(session: Session, event: Of<'leftQueue'>): Session {
  if (session.status !== 'queued') return session;
  const { queuedAt: _, ...facts } = factsOf(session);
  return { ...facts, status: 'bot', since: event.at };
}

function accepted(session: Session, event: Of<'accepted'>): Session {
  const isOffered = session.status === 'active' && session.offeredOnAt !== undefined;
  if (session.status !== 'queued' && session.status !== 'resuming' && !isOffered) return session;
  return active(session, event.owner, event.at);
}

const active = (session: Session, owner: AgentRef, since: number): Active => ({
  ...owning(session, owner),
  status: 'active',
  owner,
  since,
});

/** An agent's silence outlives whatever the customer's page does meanwhile. */
const silenceOf = ({ agentSilentAt, offeredOnAt }: Active): Partial<Active> => ({
  ...(agentSilentAt !== undefined && { agentSilentAt }),
  ...(offeredOnAt !== undefined && { offeredOnAt }),
});

function withoutSilence(session: Active): Active {
  const { agentSilentAt: _, offeredOnAt: __, ...kept } = session;
  return kept;
}

function disconnected(session: Session, event: Of<'disconnected'>): Session {
  const { at: goneAt, cause, returnUntil, agentHeldUntil } = event;
  const gone = { ...factsOf(session), status: 'disconnected', goneAt, cause, returnUntil } as const;
  switch (session.status) {
    case 'queued':
      if (session.message !== undefined)
        return { ...session, message: { leftAt: session.message.leftAt, until: returnUntil } };
      return { ...gone, was: 'queued', queuedAt: session.queuedAt, declinedBy: session.declinedBy };
    case 'active':
    case 'resuming': {
      const owner = agentOf(session);
      if (owner !== undefined && agentHeldUntil !== undefined)
        return { ...gone, was: 'held', owner, agentHeldUntil };
      // Nobody had it yet, and who was asked has not answered: nobody is there to be asked first.
      if (session.status === 'resuming' && session.previous === undefined)
        return { ...gone, was: 'queued', queuedAt: session.queuedAt, declinedBy: [] };
      return { ...gone, was: 'offered' };
    }
    case 'suspended':
      return awayAgain(session, event);
    default:
      return session;
  }
}

function awayAgain(session: Suspended, event: Of<'disconnected'>): Session {
  const { at: goneAt, returnUntil: suspendedUntil, agentHeldUntil } = event;
  const { customerBackAt: _, agentHeldUntil: __, waitedInVainAt: ___, ...kept } = session;
  return { ...kept, goneAt, suspendedUntil, ...(agentHeldUntil !== undefined && { agentHeldUntil }) };
}

function holdEnded(session: Session): Session {
  if (session.status === 'suspended' || session.status === 'resuming') return withoutHold(session);
  if (session.status !== 'disconnected' || session.was !== 'held') return session;
  const { goneAt, cause, returnUntil, warnedAt } = session;
  return {
    ...factsOf(session),
    ...{ status: 'disconnected', goneAt, cause, returnUntil, was: 'offered' },
    ...(warnedAt !== undefined && { warnedAt }),
  };
}

function withoutHold(session: Suspended | Resuming | Closed): Session {
  const { agentHeldUntil: _, ...kept } = session;
  return kept;
}

/**
 * A return to a held place makes it active at once. From the other places a return alone only rebinds; the `offered` or
 * `queued` that comes with it says where to.
 */
function returned(session: Session, event: Of<'returned'>): Session {
  const here = { ...session, conversation: event.conversation };
  switch (here.status) {
    case 'bot':
      return { ...here, since: event.at };
    case 'queued':
      return isMessage(here) && event.way !== 'heal' ? backInLine(here, event.at) : here;
    case 'active':
      return { ...active(here, here.owner, event.at), ...silenceOf(here) };
    case 'disconnected':
      return here.was === 'held' ? active(here, here.owner, event.at) : here;
    case 'suspended':
      return backToSetAside(here, event.at);
    default:
      return here;
  }
}

function backToSetAside({ goneAt: _, ...here }: Suspended, at: number): Session {
  return { ...here, customerBackAt: here.customerBackAt ?? at };
}

/** They stand in line as if they had come now, at their earlier place: what they were told then they are told again. */
function backInLine({ opensAt: _, ...here }: WaitingMessage, backAt: number): Session {
  return { ...here, message: { ...here.message, backAt } };
}

/** Follows a return, which has already made a held place active; or a colleague is asked to take over. */
function offered(session: Session, event: Of<'offered'>): Session {
  const { asked, offeredUntil, queuedAt, agentHeldUntil, from, note } = event;
  const returns = session.status === 'disconnected' || session.status === 'active';
  if (isOver(session) || session.status === 'bot' || (!returns && from === undefined)) return session;
  return {
    ...withAsked(factsOf(session), asked),
    ...{ status: 'resuming', asked, askedAt: event.at, offeredUntil, queuedAt },
    ...(agentHeldUntil !== undefined && { agentHeldUntil }),
    ...(from && { from }),
    ...(note !== undefined && { note }),
  };
}

function suspended(session: Session, event: Of<'suspended'>): Session {
  // Who is asked to take over, and has not answered, owns nothing yet.
  const owner = session.status === 'resuming' ? (session.previous ?? session.asked) : agentOf(session);
  if (owner === undefined) return session;
  const { at: suspendedAt, by, reason, backBy, suspendedUntil, agentHeldUntil, customerHere } = event;
  return {
    ...owning(session, owner),
    ...{ status: 'suspended', owner, by, suspendedAt, suspendedUntil },
    ...(reason !== undefined && { suspendReason: reason }),
    ...(backBy !== undefined && { backBy }),
    ...(agentHeldUntil !== undefined && { agentHeldUntil }),
    ...(customerHere && { customerBackAt: suspendedAt }),
  };
}

/** A slot that its agent keeps through their own suspension is kept as long as the suspension lasts. */
function suspensionEdited(session: Session, event: Of<'suspensionEdited'>): Session {
  if (session.status !== 'suspended') return session;
  const { reason, backBy, suspendedUntil } = event;
  const keepsSlot = session.by === 'agent' && session.agentHeldUntil !== undefined;
  const { remindedAt: _, overdueAt: __, ...anew } = session;
  return {
    ...(backBy === undefined ? session : { ...anew, backBy, promisedAt: event.at }),
    suspendedUntil,
    ...(reason !== undefined && { suspendReason: reason }),
    ...(keepsSlot && { agentHeldUntil: suspendedUntil }),
  };
}

function warned(session: Session, event: Of<'warned'>): Session {
  const canEnd =
    session.status === 'active' || session.status === 'disconnected' || session.status === 'suspended';
  return canEnd ? { ...session, warnedAt: event.at } : session;
}

function expired(session: Session, event: Of<'expired'>): Session {
  const isInLine = session.status === 'queued' && !isMessage(session);
  if (isInLine || session.status === 'resuming' || isOver(session)) return session;
  return { ...withoutGuests(factsOf(session)), status: 'expired', was: session.status, expiredAt: event.at };
}

function afterEnd(session: Closed | Expired, event: Event): Session {
  switch (event.type) {
    case 'takenBack':
      return takenBack(session, event);
    case 'holdEnded':
      return session.status === 'closed' ? withoutHold(session) : session;
    case 'recorded':
      return session.status === 'closed' ? { ...session, wrapUp: event.wrapUp } : session;
    default:
      return session;
  }
}

function takenBack(session: Session, event: Of<'takenBack'>): Session {
  if (session.status !== 'closed' || session.followedBy !== undefined) return session;
  const { agentHeldUntil: _, ...kept } = session;
  return { ...kept, followedBy: event.followUp };
}
