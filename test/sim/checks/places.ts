import type { AgentRecord } from '../../../src/handoff/roster.ts';
import { slotOf } from '../../../src/session/slots.ts';
import type { StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/** I9, I10: an agent's places are the sessions they own or that are held for them, until their time and no longer. */
export const places: Check = ({ now }, { sessions, agents }) =>
  agents.flatMap((agent) => placesOf(agent, sessions, now));

function placesOf(agent: AgentRecord, sessions: readonly StoredSession[], now: number): readonly Broken[] {
  const wanted = new Map<string, string>();
  for (const { header } of sessions) {
    const slot = slotOf(header.session);
    if (slot?.agent === agent.id) wanted.set(header.session.id, shown(slot.kind, slot.until));
  }
  const found: Broken[] = [];
  const rule = 'I9';
  for (const [sid, { state, until }] of Object.entries(agent.slots)) {
    // One that a crash has left lapses within half a minute, and is dropped by whoever writes next.
    if (state === 'pending') {
      if (until === undefined || until > now + PENDING_MS)
        found.push({ rule, what: `${agent.id} has a place for ${sid} that stays pending` });
      continue;
    }
    const is = shown(state, until);
    const want = wanted.get(sid);
    if (want !== is && !(want === undefined && isPast(until, now)))
      found.push({ rule, what: `${agent.id} has ${is} for ${sid}, whose header says ${want ?? 'nothing'}` });
    wanted.delete(sid);
  }
  for (const [sid, want] of wanted)
    if (!isPastIn(want, now))
      found.push({ rule, what: `${agent.id} has no place for ${sid}, whose header says ${want}` });
  return found;
}

const PENDING_MS = 30_000;
const shown = (kind: string, until: number | undefined): string =>
  until === undefined ? kind : `${kind} until ${until}`;
const isPast = (until: number | undefined, now: number): boolean => until !== undefined && until <= now;
const isPastIn = (text: string, now: number): boolean =>
  isPast(Number(/until (\d+)$/u.exec(text)?.[1] ?? Infinity), now);
