import { did, notYours, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import type { Event, GivenLink } from './event.ts';
import { evolve } from './evolve.ts';
import type { Rules } from './rules.ts';
import type { AgentRef, Session } from './session.ts';
import { act, returnableUntil } from './suspension.ts';
import { isTheirs, type Open } from './whose.ts';

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** The agent gives the customer a way back; like any act it resumes what is suspended and answers what is asked. */
export function giveLink(
  session: Open,
  { agent, link }: Of<'giveLink'>,
  now: number,
  rules: Rules,
): Decision {
  const acted = act(session, agent, now, rules);
  if (acted.refused !== undefined) return acted;
  const after = acted.events.reduce<Session>(evolve, session);
  return did(...acted.events, linkGiven(after, agent, link, now, rules));
}

/** What is given, and how long it lasts as the session then stands: everyone is told. */
export function linkGiven(session: Session, by: AgentRef, link: GivenLink, at: number, rules: Rules): Event {
  const until = returnableUntil(session);
  const lasts = until === undefined ? { lastsMs: rules.reconnectLimitMs } : { until };
  return { type: 'linkGiven', at, by, link, ...lasts };
}

/** All given so far stop working. Nothing else changes: whoever is here stays. */
export function revokeLinks(session: Open, command: Of<'revokeLinks'>, now: number): Decision {
  if (command.by === 'agent' && !isTheirs(session, command.agent)) return notYours;
  return did({ type: 'linksRevoked', at: now, by: command.by });
}
