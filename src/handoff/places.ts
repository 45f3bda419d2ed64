import type { AgentId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { slotOf } from '../session/slots.ts';
import type { AgentRecord, Slot } from './roster.ts';

/** Places in use: owned, held and not yet lapsed, or pending and not yet lapsed. */
export const slotsUsed = (record: AgentRecord, now: number): number =>
  Object.values(record.slots).filter((slot) => slot.until === undefined || now < slot.until).length;

/** Places blocked for customers who are away, or for a wrap-up, and when the first of them lapses. */
export function slotsHeld(
  record: AgentRecord,
  now: number,
): { readonly held: number; readonly heldUntil?: number } {
  const held = Object.values(record.slots).filter(
    ({ state, until }) => state === 'held' && (until === undefined || now < until),
  );
  const ends = held.flatMap(({ until }) => until ?? []);
  return { held: held.length, ...(ends.length > 0 && { heldUntil: Math.min(...ends) }) };
}

/** Whose records a session's place may be in: everyone who had it, and who has it. */
export function placed(session: Session): ReadonlySet<AgentId> {
  const slot = slotOf(session);
  return new Set([...session.agents.map((agent) => agent.id), ...(slot === undefined ? [] : [slot.agent])]);
}

/** The record with this session's place as its header has it; `undefined` when it is so already. */
export function settled(record: AgentRecord, session: Session, now: number): AgentRecord | undefined {
  const slot = slotOf(session);
  const wanted = slot?.agent === record.id ? asSlot(slot) : undefined;
  const slots = Object.fromEntries(
    Object.entries(lasting(record.slots, now)).filter(([id]) => id !== session.id),
  );
  const before = record.slots[session.id];
  if (wanted === undefined) {
    return before === undefined ? undefined : { ...record, slots, lastReleasedAt: now };
  }
  if (before?.state === wanted.state && before.until === wanted.until) return undefined;
  return { ...record, slots: { ...slots, [session.id]: wanted } };
}

/** Without the places of crashes that have lapsed. */
export const lasting = (slots: AgentRecord['slots'], now: number): AgentRecord['slots'] =>
  Object.fromEntries(
    Object.entries(slots).filter(
      ([, slot]) => slot.state !== 'pending' || slot.until === undefined || now < slot.until,
    ),
  );

const asSlot = (slot: { readonly kind: 'owned' | 'held'; readonly until?: number }): Slot => ({
  state: slot.kind,
  ...(slot.until !== undefined && { until: slot.until }),
});
