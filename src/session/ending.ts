import { already, did, notNow, notYours, refuse, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import type { Event } from './event.ts';
import type { Rules } from './rules.ts';
import type { AgentRef, Closed } from './session.ts';
import { agentOf, isTheirs, type Open } from './whose.ts';

type Close = Extract<Command, { type: 'close' }>;
type TakeBack = Extract<Command, { type: 'takeBack' }>;

/** Somebody ends the session, for good; a slot is released at once. An agent ends only their own. */
export function close(session: Open, command: Close, now: number, rules: Rules): Decision {
  if (command.by !== 'agent') return did(closed(command.by, now, rules));
  if (agentOf(session) === undefined) return notNow(session);
  return isTheirs(session, command.agent) ? did(closed('agent', now, rules, command.agent)) : notYours;
}

export const closed = (by: Closed['by'], now: number, rules: Rules, agent?: AgentRef): Event => ({
  ...{ type: 'closed', at: now, by, wrapUpUntil: now + rules.wrapUpMs },
  ...(agent && { agent }),
});

/** Within wrap-up the last agent continues it in a follow-up session, once. The closed one stays closed. */
export function takeBack(session: Closed, { agent, followUp }: TakeBack, now: number): Decision {
  if (session.previous?.id !== agent.id) return notYours;
  if (session.followedBy !== undefined) return already(session);
  if (now >= session.wrapUpUntil) return refuse({ kind: 'tooLate', at: session.wrapUpUntil });
  return did({ type: 'takenBack', at: now, agent, followUp });
}
