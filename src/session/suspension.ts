import { already, did, notNow, notYours, refuse, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import type { Event } from './event.ts';
import { gone } from './gone.ts';
import type { Rules } from './rules.ts';
import type { AgentRef, Session, Suspended } from './session.ts';
import { agentOf, isTheirs, type Open } from './whose.ts';

type Suspend = Extract<Command, { type: 'suspend' }>;
type Edit = Extract<Command, { type: 'editSuspension' }>;

const BACK_BY_MAX_MS = 14 * 24 * 60 * 60_000;

/** Customer or agent sets the session aside; there must be an agent to come back to. */
export function suspend(session: Open, command: Suspend, now: number, rules: Rules): Decision {
  if (agentOf(session) === undefined) return notNow(session);
  if (command.by === 'agent' && !isTheirs(session, command.agent)) return notYours;
  if (command.by === 'customer') {
    return session.status === 'suspended' ? already(session) : did(suspendedByCustomer(session, now, rules));
  }
  if (session.status === 'suspended' && command.link === undefined) return already(session);
  return suspendedByAgent(session, command, now, rules);
}

function suspendedByAgent(
  session: Open,
  { agent, reason, backBy, link }: Extract<Suspend, { by: 'agent' }>,
  now: number,
  rules: Rules,
): Decision {
  if (!isPromise(backBy, now)) return refuse({ kind: 'badBackBy' });
  const suspendedUntil = Math.max(lastsUntil(session, now, rules), backBy ?? 0);
  const suspended: Event = {
    ...{
      type: 'suspended',
      at: now,
      by: 'agent',
      suspendedUntil,
      customerHere: isCustomerHere(session),
    },
    ...(reason !== undefined && { reason }),
    ...(backBy !== undefined && { backBy }),
    ...(!rules.suspendFreesCapacity && { agentHeldUntil: suspendedUntil }),
  };
  const given: readonly Event[] =
    link === undefined ? [] : [{ type: 'linkGiven', at: now, by: agent, link, until: suspendedUntil }];
  return did(...answered(session, agent, now), suspended, ...given);
}

/** Any act of an agent who is being asked is an answer, and resumes what is set aside: suspending with a link too. */
function answered(session: Open, agent: AgentRef, now: number): readonly Event[] {
  if (session.status === 'resuming') return [{ type: 'accepted', at: now, owner: agent }];
  return session.status === 'suspended' ? [{ type: 'resumed', at: now, by: agent, implied: true }] : [];
}

const isCustomerHere = (session: Open): boolean =>
  session.status === 'suspended' ? session.customerBackAt !== undefined : session.status !== 'disconnected';

/** A customer who suspends goes. Where a slot was theirs it stays blocked for the window; where none was, none is. */
export function suspendedByCustomer(session: Open, at: number, rules: Rules): Event {
  const suspendedUntil = lastsUntil(session, at, rules);
  const agentHeldUntil = Math.min(heldFor(session, at, rules), suspendedUntil);
  return {
    ...{ type: 'suspended', at, by: 'customer', suspendedUntil, customerHere: false },
    ...(agentHeldUntil > at && { agentHeldUntil }),
  };
}

/** Suspending never shortens a time to return that was promised already. */
const lastsUntil = (session: Open, at: number, rules: Rules): number =>
  Math.max(at + rules.suspendLimitMs, returnableUntil(session) ?? at);

/** Until when the customer can come back, as promised; `undefined` while they are here, or over. */
export function returnableUntil(session: Session): number | undefined {
  if (session.status === 'disconnected') return session.returnUntil;
  return session.status === 'suspended' ? session.suspendedUntil : undefined;
}

function heldFor(session: Open, at: number, rules: Rules): number {
  if (session.status === 'resuming') return session.agentHeldUntil ?? at;
  const hasSlot =
    session.status === 'active' || (session.status === 'disconnected' && session.was === 'held');
  return hasSlot ? at + rules.previousAgentWindowMs : at;
}

/** Changes the reason or *back by*; what is not given stays. Never shortens the promise, and is no act: nothing resumes. */
export function editSuspension(session: Open, command: Edit, now: number): Decision {
  if (session.status !== 'suspended') return notNow(session);
  const { agent, reason, backBy } = command;
  if (!isTheirs(session, agent)) return notYours;
  if (!isPromise(backBy, now)) return refuse({ kind: 'badBackBy' });
  return did({
    ...{ type: 'suspensionEdited', at: now, suspendedUntil: Math.max(session.suspendedUntil, backBy ?? 0) },
    ...(reason !== undefined && { reason }),
    ...(backBy !== undefined && { backBy }),
  });
}

const isPromise = (backBy: number | undefined, now: number): boolean =>
  backBy === undefined || (backBy > now && backBy <= now + BACK_BY_MAX_MS);

/** The agent says *Resume*. */
export function resume(session: Open, agent: AgentRef, now: number, rules: Rules): Decision {
  if (session.status === 'suspended')
    return isTheirs(session, agent) ? resumed(session, agent, false, now, rules) : notYours;
  if (session.status === 'active') return isTheirs(session, agent) ? already(session) : notYours;
  return session.status === 'resuming' ? act(session, agent, now, rules) : notNow(session);
}

/** The agent does anything on the session: resumes what is suspended, answers what is asked (seed B). */
export function act(session: Open, agent: AgentRef, now: number, rules: Rules): Decision {
  if (session.status === 'bot') return notNow(session);
  if (!isTheirs(session, agent)) return notYours;
  if (session.status === 'suspended') return resumed(session, agent, true, now, rules);
  return session.status === 'resuming' ? did({ type: 'accepted', at: now, owner: agent }) : did();
}

/** Resumed while the customer is away = disconnected, with fresh clocks. */
function resumed(session: Suspended, by: AgentRef, implied: boolean, now: number, rules: Rules): Decision {
  const event: Event = { type: 'resumed', at: now, by, implied };
  return session.customerBackAt === undefined ? did(event, gone(now, 'silent', rules)) : did(event);
}
