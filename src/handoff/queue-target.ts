import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import type { Agents } from './agents.ts';
import type { Sessions } from './handle.ts';

/** Gives up slots that are held for customers who are away, while a line breaches its target. */
export interface QueueTarget {
  /** When a session that waits in line wants to be looked at because of the target. */
  readonly dueAt: (session: Session) => number | undefined;
  /** One slot of the work stream, the oldest hold first, if this session has waited past the target. */
  readonly pass: (session: Session) => Promise<void>;
}

/** So long a slot that came free has to be taken before the next is given up. */
const PASS_MS = 30_000;
const CANDIDATES = 50;

/** Makes it; each pass is remembered by this instance alone, so that a few more slots may go when it dies. */
export function queueTarget(given: {
  readonly sessions: Pick<Sessions, 'ask' | 'fresh'>;
  readonly agents: Pick<Agents, 'everyone'>;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
}): QueueTarget {
  const { sessions, agents, clock } = given;
  const passedAt = new Map<string, number>();

  const breachesAt = (session: Session): number | undefined => {
    const target = given.rulesFor(session.widget).queueTargetMs;
    return session.status === 'queued' && target !== undefined ? session.waitingSince + target : undefined;
  };
  const heldIn = async (stream: string): Promise<readonly SessionId[]> => {
    const held = (await agents.everyone()).flatMap(({ slots }) =>
      Object.entries(slots).flatMap(([sid, { state }]) => (state === 'held' ? [sid as SessionId] : [])),
    );
    const read = await Promise.all(held.slice(0, CANDIDATES).map(sessions.fresh));
    return read
      .flatMap((header) => (header?.session.stream === stream ? [header.session] : []))
      .sort((a, b) => heldSince(a) - heldSince(b))
      .map(({ id }) => id);
  };

  return {
    dueAt: (session) => {
      const at = breachesAt(session);
      return at === undefined || at > clock.now() ? at : clock.now() + PASS_MS;
    },
    pass: async (session) => {
      const at = breachesAt(session);
      const now = clock.now();
      const last = passedAt.get(session.stream) ?? -Infinity;
      if (at === undefined || at > now || now - last < PASS_MS) return;
      passedAt.set(session.stream, now);
      for (const sid of await heldIn(session.stream)) {
        const { events } = await sessions.ask(sid, { actor: 'house', command: () => ({ type: 'freeHold' }) });
        if (events.some((event) => event.type === 'holdEnded')) return;
      }
    },
  };
}

function heldSince(session: Session): number {
  if (session.status === 'disconnected') return session.goneAt;
  return session.status === 'suspended' ? session.suspendedAt : Infinity;
}
