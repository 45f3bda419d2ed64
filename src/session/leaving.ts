import { did, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import { closed } from './ending.ts';
import type { Event } from './event.ts';
import { gone } from './gone.ts';
import { isMessage } from './message.ts';
import type { Rules } from './rules.ts';
import type { LeaveCause, LeftMessage, Suspended } from './session.ts';
import { suspendedByCustomer } from './suspension.ts';
import type { Open } from './whose.ts';

type Left = Extract<Command, { type: 'customerLeft' }>;

/** The customer was noticed gone. Noticed twice, or before their last sign of life, it changes nothing. */
export function leave(session: Open, command: Left, now: number, rules: Rules): Decision {
  const at = Math.min(command.at, now);
  const policy = command.cause === 'closedWindow' ? rules.closedWindow : 'disconnect';
  if (session.status === 'disconnected' || lastSeen(session) > at) return did();
  if (session.status === 'suspended') return leaveSuspended(session, command.cause, at, rules);
  if (session.status === 'queued' && session.message !== undefined)
    return isMessage(session) ? did() : did(awayAgain(session.message, command.cause, at, rules));
  if (policy === 'end') return did(closed(session, 'customer', now, rules));
  switch (session.status) {
    case 'bot':
      return did();
    case 'queued':
      return did(gone(at, command.cause, rules, at));
    case 'active':
      return did(
        policy === 'suspend' ? suspendedByCustomer(session, at, rules) : gone(at, command.cause, rules),
      );
    case 'resuming':
      return did(
        policy === 'suspend'
          ? suspendedByCustomer(session, at, rules)
          : gone(at, command.cause, rules, session.agentHeldUntil ?? at),
      );
  }
}

/** Who came back to look after their message leaves it where it was: it waits on, as long as anybody is waited for. */
const awayAgain = ({ until }: LeftMessage, cause: LeaveCause, at: number, rules: Rules): Event => ({
  type: 'disconnected',
  at,
  cause,
  returnUntil: Math.max(until, at + rules.reconnectLimitMs),
});

/** A customer who waited for the agent loses none of the promise: the time they waited did not count against them. */
function leaveSuspended(session: Suspended, cause: LeaveCause, at: number, rules: Rules): Decision {
  const { customerBackAt, suspendedUntil } = session;
  if (customerBackAt === undefined) return did();
  const returnUntil = Math.max(suspendedUntil + at - customerBackAt, at + rules.reconnectLimitMs);
  return did({
    type: 'disconnected',
    at,
    cause,
    returnUntil,
    ...heldOn(session, returnUntil),
  });
}

/** A slot its agent keeps through their own suspension lasts as long as that does; one held for the customer does not. */
function heldOn({ by, agentHeldUntil }: Suspended, until: number): { readonly agentHeldUntil?: number } {
  if (agentHeldUntil === undefined) return {};
  return { agentHeldUntil: by === 'agent' ? until : agentHeldUntil };
}

function lastSeen(session: Open): number {
  const said = session.lastSaid?.by === 'customer' ? session.lastSaid.at : -Infinity;
  if (session.status === 'active') return Math.max(said, session.since);
  if (session.status === 'suspended') return Math.max(said, session.customerBackAt ?? said);
  if (session.status === 'queued') return Math.max(said, session.message?.backAt ?? said);
  return said;
}
