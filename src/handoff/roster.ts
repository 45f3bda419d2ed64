import type { AgentId, SessionId } from '../session/ids.ts';
import type { AgentReference } from './ports.ts';

/** One session's place with an agent, keyed by session id: a set cannot go negative or drift. */
export interface Slot {
  /** `pending`: the session's own write has not been seen yet; lapses at `until`. */
  readonly state: 'pending' | 'owned' | 'held';
  readonly until?: number;
}

/** An agent as stored: permission, presence, capacity, where to reach them, and their slots. */
export interface AgentRecord {
  readonly id: AgentId;
  readonly name: string;
  /** Entra app roles of their last tab token: `Chat.Agent`, `Chat.Supervisor`. */
  readonly roles: readonly string[];
  /** When that token was made, ms; one that is older says nothing new. */
  readonly rolesAt?: number;
  /** Permission lapses here (24 h after the last token), ms. */
  readonly permittedUntil: number;
  /** Presence is a word and its moment, judged on reading. */
  readonly presence: {
    readonly status: 'available' | 'busy' | 'away' | 'offline';
    readonly at: number;
    readonly backAt?: number;
  };
  readonly capacity: number;
  /** A supervisor has said it: the setting does not change it. */
  readonly capacityIsOwn?: true;
  /** Work streams served; empty = all. */
  readonly streams: readonly string[];
  readonly slots: Readonly<Record<SessionId, Slot>>;
  /** When a slot last came free: who is idle longest is asked first. */
  readonly lastReleasedAt: number;
  readonly reference?: AgentReference;
  /** To whom the last lines went that they wrote to the bot and that named nobody; newest last. */
  readonly lines?: readonly { readonly line: string; readonly sid: SessionId }[];
  /** Instances at which a tab of theirs is open, and since when (ms); each proves by its own lease that it lives. */
  readonly tabs?: Readonly<Record<string, number>>;
  /** Their last sign of life that was worth a write, ms: an act, a word in Teams, a tab that opened or closed. */
  readonly seenAt?: number;
  /** Since when Teams refuses our cards to them, ms; a later sign of life clears it. */
  readonly blockedAt?: number;
}
