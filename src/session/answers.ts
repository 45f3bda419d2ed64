import type { Event } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { Session } from './session.ts';

/** What came of a command. No events and no refusal: fine, and nothing changed. */
export interface Decision {
  readonly events: readonly Event[];
  /** May come with events: a late click finds, and saves, the expiry. */
  readonly refused?: Refusal;
}

/** Yes: this happens. Without events: fine, and nothing changes. */
export const did = (...events: readonly Event[]): Decision => ({ events });

/** No, and why. */
export const refuse = (refused: Refusal): Decision => ({ events: [], refused });

export const notNow = (session: Session): Decision => refuse({ kind: 'notNow', status: session.status });
export const already = (session: Session): Decision => refuse({ kind: 'already', status: session.status });
export const notYours: Decision = refuse({ kind: 'notYours' });
