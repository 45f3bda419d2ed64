import type { Event } from './event.ts';
import { evolveAll } from './evolve.ts';
import type { Session } from './session.ts';

/** One audit record, as far as rebuilding needs it. */
export interface Decided {
  readonly ver: number;
  readonly events: readonly Event[];
}

/**
 * Rebuilds a session from its audit, given in order of `ver`: what is stored, without `lastSaid`, which follows the ledger.
 * Throws when a record is missing or out of order, for then nothing true can be said.
 */
export function fold(audit: readonly Decided[]): Session {
  let session: Session | undefined;
  for (const { ver, events } of audit) {
    session = evolveAll(session, events);
    if (session.ver !== ver) throw new Error(`The audit of this session is broken at version ${ver}`);
  }
  if (session === undefined) throw new Error('The audit of this session is empty');
  return session;
}
