import type { Event } from '../session/event.ts';
import { evolve } from '../session/evolve.ts';
import type { Entry } from '../session/ledger.ts';
import { isMessage } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import type { Header } from './header.ts';

/** The agent's line that a customer waits for: the first one at all, or the first since they came back. */
export interface Awaited {
  /** Since when, ms. */
  readonly since: number;
  readonly after: 'handoff' | 'return';
  /** How they came back. */
  readonly way?: Way;
  /** They have an agent again, who has not said anything yet. */
  readonly met?: true;
}
type Way = Extract<Event, { type: 'returned' }>['way'];

/** Whether its customer is away, so that a return brings them back. */
export const isAway = (session: Session): boolean =>
  session.status === 'disconnected' ||
  (session.status === 'suspended' && session.customerBackAt === undefined) ||
  (isMessage(session) && session.message.backAt === undefined);

/** Whether this brings somebody back: they were away, or came by a way that only who lost the chat takes. */
export const bringsBack = (before: Session, { way }: Extract<Event, { type: 'returned' }>): boolean =>
  before.status !== 'bot' && (way !== 'heal' || isAway(before));

/** What is awaited after these events of one step, and before anything is said in it. */
export function awaitedAfter(
  { session, awaited }: Pick<Header, 'session' | 'awaited'>,
  events: readonly Event[],
): Awaited | undefined {
  let [current, now] = [session, awaited];
  for (const event of events) {
    now = after(current, now, event);
    current = evolve(current, event);
  }
  return now;
}

/** The same once these lines are said: an agent's is what was awaited. */
export function awaitedStill(
  before: Pick<Header, 'session' | 'awaited'>,
  events: readonly Event[],
  entries: readonly Entry[],
): Pick<Header, 'awaited'> {
  const awaited = awaitedAfter(before, events);
  return awaited === undefined || entries.some(isAgentsLine) ? {} : { awaited };
}

export const isAgentsLine = ({ by, what }: Pick<Entry, 'by' | 'what'>): boolean =>
  by.kind === 'agent' && what.kind === 'message';

function after(before: Session, now: Awaited | undefined, event: Event): Awaited | undefined {
  switch (event.type) {
    case 'queued':
      if (event.why === 'handoff') return now ?? { since: event.at, after: 'handoff' };
      return event.why === 'transferred' ? now : withoutAgent(now);
    case 'offered':
      return event.from === undefined ? withoutAgent(now) : now;
    case 'returned':
      if (!bringsBack(before, event)) return now;
      if (before.previous !== undefined) {
        const met = evolve(before, event).status === 'active';
        return { since: event.at, after: 'return', way: event.way, ...(met && { met }) };
      }
      return now && { ...now, since: event.at };
    case 'accepted':
    case 'resumed':
      return now && { ...now, met: true };
    // Nobody waits for it any more: who comes back waits anew.
    case 'disconnected':
    case 'suspended':
      return now?.after === 'return' ? undefined : now;
    case 'messageLeft':
    case 'leftQueue':
    case 'closed':
    case 'expired':
      return undefined;
    default:
      return now;
  }
}

/** Who comes back to an agent who is not here goes on at once to wherever the ladder leads. */
function withoutAgent(now: Awaited | undefined): Awaited | undefined {
  if (now === undefined) return undefined;
  const { met: _, ...rest } = now;
  return rest;
}
