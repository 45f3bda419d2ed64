import { did, notNow, notYours, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import { closed } from './ending.ts';
import type { Event, QueuedWhy } from './event.ts';
import { addOpenTime } from './hours.ts';
import { isMessage } from './message.ts';
import type { Rules, StartFresh } from './rules.ts';
import type { AgentRef, Disconnected } from './session.ts';
import { slotOf } from './slots.ts';
import { isTheirs, type Open } from './whose.ts';

type Back = Omit<Extract<Command, { type: 'reconnect' }>, 'type'>;

/** The customer is here again: heals, or comes back by prompt, link or code. Asked twice, it happens once. */
export function comeBack(session: Open, back: Back, now: number, rules: Rules): Decision {
  const returned: Event = { type: 'returned', at: now, way: back.way, conversation: back.conversation };
  const rebound = back.conversation === session.conversation ? [] : [returned];
  const anyone = back.want === 'anyone';
  switch (session.status) {
    case 'queued':
      // They ask for their place again; a page that heals, or a further line, asks for nothing.
      return isMessage(session) && back.way !== 'heal' ? did(returned) : did(...rebound);
    case 'bot':
      return did(...rebound);
    case 'active':
      // No empty chair either for those who never left: their agent is gone, so anyone means anyone.
      return anyone && (!back.agentHere || session.agentSilentAt !== undefined)
        ? did(...rebound, toQueue(session, 'customerChoseAnyone', now))
        : did(...rebound);
    case 'resuming':
      return anyone ? did(...rebound, toQueue(session, 'customerChoseAnyone', now)) : did(...rebound);
    case 'suspended': {
      const arrived = session.customerBackAt === undefined ? [returned] : rebound;
      const leaves = anyone && rules.suspendedReturn === 'offer';
      if (leaves) return did(...arrived, toQueue(session, 'customerChoseAnyone', now));
      const alone = session.customerBackAt === undefined && !back.agentHere;
      return did(...arrived, ...(alone ? [{ type: 'waitedInVain', at: now, why: 'away' } as const] : []));
    }
    case 'disconnected':
      return did(returned, ...destination(session, back, now, rules));
  }
}

/** Where a return leads. Nowhere else = straight back to the agent whose slot is held. */
function destination(session: Disconnected, back: Back, now: number, rules: Rules): readonly Event[] {
  if (session.was === 'queued') return [toQueue(session, 'backInLine', now, session.declinedBy)];
  if (back.want === 'anyone') return [toQueue(session, 'customerChoseAnyone', now)];
  const queuedAt = session.queuedAt ?? now;
  if (session.was === 'held') {
    if (back.agentHere) return [];
    const { owner: asked, agentHeldUntil } = session;
    return [{ type: 'offered', at: now, asked, offeredUntil: agentHeldUntil, queuedAt, agentHeldUntil }];
  }
  const asked = session.previous;
  if (!back.agentHere || asked === undefined) return [toQueue(session, 'agentAway', now)];
  return [
    {
      type: 'offered',
      at: now,
      asked,
      offeredUntil: addOpenTime(rules.hours, now, rules.offerTimeoutMs),
      queuedAt,
    },
  ];
}

/** To the queue, at their earlier place. */
const toQueue = (
  session: Open,
  why: QueuedWhy,
  now: number,
  declinedBy: Extract<Event, { type: 'queued' }>['declinedBy'] = [],
): Event => ({ type: 'queued', at: now, queuedAt: session.queuedAt ?? now, why, declinedBy });

/** The customer prefers a new session. Only `close` touches one that is not waiting for them. */
export function startFresh(session: Open, mode: StartFresh, now: number, rules: Rules): Decision {
  if (mode === 'close') return did(closed(session, 'customer', now, rules));
  const blocks = slotOf(session)?.kind === 'held';
  return mode === 'release' && blocks ? did({ type: 'holdEnded', at: now, why: 'startedFresh' }) : did();
}

/** The agent gives the blocked slot back early; the customer can still return. */
export function releaseHold(session: Open, agent: AgentRef, now: number): Decision {
  if (!isTheirs(session, agent)) return notYours;
  return slotOf(session)?.kind === 'held'
    ? did({ type: 'holdEnded', at: now, why: 'released' })
    : notNow(session);
}

/** The house needs the slot that is blocked for somebody who is away; who waits here keeps it. */
export function freeHold(session: Open, now: number): Decision {
  const isAway =
    session.status === 'disconnected' ||
    (session.status === 'suspended' && session.customerBackAt === undefined && session.by === 'customer');
  return isAway && slotOf(session)?.kind === 'held'
    ? did({ type: 'holdEnded', at: now, why: 'queueTarget' })
    : did();
}
