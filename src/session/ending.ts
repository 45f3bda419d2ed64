import { already, did, notNow, notYours, refuse, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import type { Event } from './event.ts';
import type { Rules } from './rules.ts';
import type { AgentRef, Closed, WrapUp } from './session.ts';
import { agentOf, isTheirs, type Open } from './whose.ts';

type Close = Extract<Command, { type: 'close' }>;
type Recording = Extract<Command, { type: 'record' }>;
type TakeBack = Extract<Command, { type: 'takeBack' }>;

/** Somebody ends the session, for good; a slot is released at once. An agent ends only their own. */
export function close(session: Open, command: Close, now: number, rules: Rules): Decision {
  if (command.by !== 'agent') return did(closed(session, command.by, now, rules));
  if (agentOf(session) === undefined) return notNow(session);
  if (!isTheirs(session, command.agent)) return notYours;
  return did({
    ...closed(session, 'agent', now, rules, command.agent),
    ...(command.wrapUp && !isEmpty(command.wrapUp) && { wrapUp: command.wrapUp }),
  });
}

/** Whoever had it at work keeps the place blocked for the wrap-up's own time, where the settings give it one. */
export const closed = (
  session: Open,
  by: Closed['by'],
  now: number,
  rules: Rules,
  agent?: AgentRef,
): Extract<Event, { type: 'closed' }> => ({
  ...{ type: 'closed', at: now, by, wrapUpUntil: now + rules.wrapUpMs },
  ...(agent && { agent }),
  ...(session.status === 'active' &&
    rules.wrapUpSlotMs > 0 && { agentHeldUntil: now + Math.min(rules.wrapUpSlotMs, rules.wrapUpMs) }),
});

/** *Done*: the agent's wrap-up is over, and the place free. */
export function endWrapUp(session: Closed, agent: AgentRef, now: number): Decision {
  if (session.previous?.id !== agent.id) return notYours;
  return did({ type: 'holdEnded', at: now, why: 'released' });
}

/** Within wrap-up the last agent continues it in a follow-up session, once. The closed one stays closed. */
export function takeBack(session: Closed, { agent, followUp }: TakeBack, now: number): Decision {
  if (session.previous?.id !== agent.id) return notYours;
  if (session.followedBy !== undefined) return already(session);
  if (now >= session.wrapUpUntil) return refuse({ kind: 'tooLate', at: session.wrapUpUntil });
  return did({ type: 'takenBack', at: now, agent, followUp });
}

/** Within wrap-up the last agent says what came of it, as often as they like; the last word stands. */
export function record(session: Closed, { agent, wrapUp }: Recording, now: number): Decision {
  if (session.previous?.id !== agent.id) return notYours;
  if (now >= session.wrapUpUntil) return refuse({ kind: 'tooLate', at: session.wrapUpUntil });
  return isSame(session.wrapUp ?? {}, wrapUp) ? did() : did({ type: 'recorded', at: now, agent, wrapUp });
}

const isEmpty = (wrapUp: WrapUp): boolean => isSame(wrapUp, {});

const isSame = (one: WrapUp, other: WrapUp): boolean =>
  one.disposition === other.disposition && one.notes === other.notes;
