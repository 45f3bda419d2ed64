import { already, did, notNow, notYours, refuse, type Decision } from './answers.ts';
import type { AgentAct, Command } from './command.ts';
import { guestOf } from './guests.ts';
import type { Rules } from './rules.ts';
import type { AgentRef } from './session.ts';
import { act } from './suspension.ts';
import { isTheirs, type Open } from './whose.ts';

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** The agent asks a colleague in. An act like any other: it resumes what is suspended and answers what is asked (seed B). */
export function invite(session: Open, command: Of<'invite'>, now: number, rules: Rules): Decision {
  const { agent, guest, here } = command;
  const acted = act(session, agent, now, rules);
  if (acted.refused !== undefined) return acted;
  if (isTheirs(session, guest) || guestOf(session, guest.id) !== undefined) return already(session);
  if (!here) return refuse({ kind: 'agentAway', agent: guest });
  return did(...acted.events, { type: 'invited', at: now, by: agent, guest });
}

/** Who was asked in comes. */
export function join(session: Open, agent: AgentRef, now: number): Decision {
  const guest = guestOf(session, agent.id);
  if (guest === undefined) return notYours;
  return guest.joinedAt === undefined
    ? did({ type: 'guestJoined', at: now, guest: agent })
    : already(session);
}

/** A guest leaves alone, or says no to the invitation; the session's agent may also ask one to leave. */
export function leaveConference(session: Open, command: Of<'leaveConference'>, now: number): Decision {
  const { agent, guest: id } = command;
  const guest = guestOf(session, id);
  if (agent.id !== id && !isTheirs(session, agent)) return notYours;
  if (guest === undefined) return agent.id === id ? notYours : already(session);
  const { name, joinedAt } = guest;
  return did({
    ...{ type: 'guestLeft', at: now, guest: { id, name }, joined: joinedAt !== undefined },
    ...(agent.id !== id && { by: agent }),
  });
}

const SAID: ReadonlySet<AgentAct> = new Set<AgentAct>(['message', 'canned', 'file']);

/**
 * What a guest may do: say something while the session runs, and remark at any time. Only its own agent resumes what is
 * set aside, and answers what is asked. `undefined` for who is no guest.
 */
export function guestActs(session: Open, { agent, act: doing }: Of<'agentActs'>): Decision | undefined {
  if (guestOf(session, agent.id)?.joinedAt === undefined) return undefined;
  if (doing === 'comment') return did();
  if (!SAID.has(doing)) return notYours;
  return session.status === 'active' || session.status === 'disconnected' ? did() : notNow(session);
}
