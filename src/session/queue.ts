import { already, did, notNow, notYours, refuse, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import { awayFromMessage, isMessage } from './message.ts';
import type { Rules } from './rules.ts';
import { resume } from './suspension.ts';
import { agentOf, handsOn, isTheirs, type Open } from './whose.ts';

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** The bot asks for a person. Asked twice, there is still one place in line. */
export function handoff(session: Open, command: Of<'handoff'>, now: number): Decision {
  switch (session.status) {
    case 'bot':
      return did({
        ...{ type: 'queued', at: now, queuedAt: now, why: 'handoff', declinedBy: [] },
        ...(command.reason !== undefined && { reason: command.reason }),
      });
    case 'queued':
      return refuse({ kind: 'inLine', queuedAt: session.queuedAt });
    case 'disconnected':
      return session.was === 'queued'
        ? refuse({ kind: 'inLine', queuedAt: session.queuedAt })
        : notNow(session);
    default:
      return already(session);
  }
}

/** The customer goes back to the bot and gives the place up. */
export function leaveQueue(session: Open, now: number): Decision {
  if (session.status === 'queued') return did({ type: 'leftQueue', at: now });
  return session.status === 'bot' ? already(session) : notNow(session);
}

/** An agent takes what waits for anyone, or for them, or is offered on. Of two, one wins; the other is told who. */
export function accept(session: Open, command: Of<'accept'>, now: number, rules: Rules): Decision {
  const { agent, customerAway = false } = command;
  const theirs = isTheirs(session, agent);
  switch (session.status) {
    case 'queued': {
      const away = customerAway && isMessage(session) ? [awayFromMessage(now, rules)] : [];
      return did({ type: 'accepted', at: now, owner: agent }, ...away);
    }
    case 'resuming':
      return theirs ? did({ type: 'accepted', at: now, owner: agent }) : taken(session);
    case 'active':
      if (theirs) return already(session);
      return session.offeredOnAt === undefined
        ? taken(session)
        : did({ type: 'accepted', at: now, owner: agent });
    case 'suspended':
      return theirs ? resume(session, agent, now, rules) : taken(session);
    case 'bot':
    case 'disconnected':
      return notNow(session);
  }
}

/** An agent passes. The customer keeps their earlier place, and is not offered to that agent again. */
export function decline(session: Open, command: Of<'decline'>, now: number): Decision {
  const { agent } = command;
  switch (session.status) {
    case 'queued':
      return session.declinedBy.includes(agent.id) ? already(session) : did(declined(command, now));
    case 'resuming':
      return isTheirs(session, agent) ? backToQueue(session, command, now) : notYours;
    case 'suspended':
      if (!isTheirs(session, agent)) return notYours;
      return session.customerBackAt === undefined ? notNow(session) : backToQueue(session, command, now);
    default:
      return notNow(session);
  }
}

const backToQueue = (session: Open, command: Of<'decline'>, now: number): Decision =>
  did(declined(command, now), {
    ...{ type: 'queued', at: now, queuedAt: session.queuedAt ?? now, why: 'agentDeclined' },
    declinedBy: [command.agent.id, ...handsOn(session)],
  });

const declined = ({ agent, reason }: Of<'decline'>, now: number) =>
  ({ type: 'declined', at: now, agent, ...(reason !== undefined && { reason }) }) as const;

function taken(session: Open): Decision {
  const by = agentOf(session);
  return by === undefined ? notYours : refuse({ kind: 'taken', by });
}
