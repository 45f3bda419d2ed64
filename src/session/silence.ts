import { did, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import type { Event } from './event.ts';
import { evolve } from './evolve.ts';
import { addOpenTime } from './hours.ts';
import type { Rules } from './rules.ts';
import type { AgentId } from './ids.ts';
import type { Active, Session } from './session.ts';
import { agentOf, handsOn, isOver, type Open } from './whose.ts';

type Noticed = Extract<Command, { type: 'agentNoticed' }>;

/**
 * Nobody waits on an empty chair. Judged while the customer is here: a silent agent's customer is told after the grace,
 * and after twice that others may take over; who is known to be absent is not waited for at all.
 */
export function noticeAgent(session: Open, noticed: Noticed, now: number, rules: Rules): Decision {
  const { absent } = noticed;
  if (agentOf(session)?.id !== noticed.agent) return did();
  switch (session.status) {
    case 'active':
      return did(...silence(session, noticed, now, rules));
    case 'resuming': {
      // Who waits for somebody away chose to; nobody chose to wait for who may not come back to it.
      const chosen = session.agentHeldUntil !== undefined && absent === 'away';
      if (absent === undefined || chosen) return did();
      const { queuedAt } = session;
      return did({ type: 'queued', at: now, queuedAt, why: 'agentAway', declinedBy: handsOn(session) });
    }
    case 'suspended': {
      const { customerBackAt = 0, suspendedAt, waitedInVainAt } = session;
      const inVain = absent !== undefined && customerBackAt > suspendedAt && waitedInVainAt === undefined;
      return inVain ? did({ type: 'waitedInVain', at: now, why: 'away' }) : did();
    }
    default:
      return did();
  }
}

function silence(
  session: Active,
  { aliveAt, absent }: Noticed,
  now: number,
  { agentGraceMs, hours }: Rules,
): readonly Event[] {
  const { owner: agent, agentSilentAt, offeredOnAt } = session;
  const waits = waitsSince(session);
  if (absent === undefined && agentSilentAt !== undefined && aliveAt > agentSilentAt)
    return [{ type: 'agentBack', at: now, agent }];
  if (waits === undefined) return [];
  const toldAt = agentSilentAt ?? addOpenTime(hours, Math.max(aliveAt, waits), agentGraceMs);
  const isPast = (moment: number): boolean => absent !== undefined || now >= moment;
  if (!isPast(toldAt)) return [];
  const at = absent === undefined ? toldAt : now;
  return [
    ...(agentSilentAt === undefined
      ? [{ type: 'agentSilent', at, agent, ...(absent !== undefined && { absent }) } as const]
      : []),
    ...(offeredOnAt === undefined && isPast(addOpenTime(hours, toldAt, agentGraceMs))
      ? [{ type: 'offeredOn', at: now, agent } as const]
      : []),
  ];
}

/** Since when the customer waits for an answer; `undefined` when they owe one themselves. */
export const waitsSince = (session: Session): number | undefined =>
  session.status === 'active' && session.lastSaid?.by === 'customer'
    ? Math.max(session.lastSaid.since ?? session.lastSaid.at, session.since)
    : undefined;

/** The agent a customer who is here waits on, and whose presence therefore matters; nobody, while none does. */
export function agentWaitedFor(session: Session): AgentId | undefined {
  switch (session.status) {
    case 'active':
      return waitsSince(session) === undefined && session.agentSilentAt === undefined
        ? undefined
        : session.owner.id;
    case 'resuming':
      return session.asked.id;
    case 'suspended':
      return session.customerBackAt === undefined ? undefined : session.owner.id;
    default:
      return undefined;
  }
}

/** When its agent has to be looked at again, who is known to stand so; `undefined`: not because of them. */
export function agentLookAt(
  session: Session,
  noticed: Omit<Noticed, 'type'>,
  now: number,
  rules: Rules,
): number | undefined {
  if (isOver(session)) return undefined;
  if (noticeAgent(session, { type: 'agentNoticed', ...noticed }, now, rules).events.length > 0) return now;
  const waits = waitsSince(session);
  if (session.status !== 'active' || waits === undefined) return undefined;
  const { agentSilentAt, offeredOnAt } = session;
  const graceFrom = (at: number): number => addOpenTime(rules.hours, at, rules.agentGraceMs);
  if (offeredOnAt !== undefined) return graceFrom(now);
  return graceFrom(agentSilentAt ?? Math.max(noticed.aliveAt, waits));
}

/** An act of the silent agent themselves is their sign of life, where the session stays theirs and active by it. */
export function backByActing(before: Open, command: Command, decision: Decision, now: number): Decision {
  const { events, refused } = decision;
  const acts =
    before.status === 'active' &&
    before.agentSilentAt !== undefined &&
    command.type !== 'agentNoticed' &&
    'agent' in command &&
    command.agent.id === before.owner.id;
  if (!acts || (refused !== undefined && refused.kind !== 'already')) return decision;
  if (events.reduce<Session>(evolve, before).status !== 'active') return decision;
  return did({ type: 'agentBack', at: now, agent: before.owner }, ...events);
}
