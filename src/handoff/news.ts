import type { AgentId, SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Header } from './header.ts';

/** Something that changed in a session, or in an agent's standing, told to whoever shows it. */
export interface Told {
  /** Somebody else has changed what this agent has or may. */
  readonly agent?: AgentId;
  readonly header?: Header;
  readonly entries?: readonly Entry[];
  readonly typing?: CustomerTyping;
  /** Sessions of somebody who was erased: there is nothing of them any more. */
  readonly gone?: readonly SessionId[];
}

/** A session's customer was writing at that moment, ms. */
export interface CustomerTyping {
  readonly sid: SessionId;
  readonly at: number;
}

/**
 * Tells this process's pages what has changed: at once for what this instance wrote, by the change feed for the rest.
 * The same change may be told twice; listeners go by `ver` and `seq`.
 */
export interface Bulletin {
  readonly tell: (told: Told) => void;
  readonly listen: (listener: (told: Told) => void) => () => void;
}

/** Makes the process's bulletin board. */
export function bulletin(): Bulletin {
  const listeners = new Set<(told: Told) => void>();
  return {
    tell: (told) => {
      for (const listener of listeners) listener(told);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
