import type { AgentId, SessionId } from '../session/ids.ts';
import type { Moved, Status } from '../session/session.ts';

/** The tab's lists. */
export type InboxList = 'queue' | 'mine' | 'suspended' | 'closed';

/** Partition of inbox rows: one agent's, one work stream's queue, or everything of a stream on a day (`YYYY-MM-DD`). */
export type View = `agent:${string}` | `queue:${string}` | `all:${string}:${string}`;

/** One line of a list: a projection of the header, nothing more. Moments and deadlines in ms. */
export interface Row {
  readonly sid: SessionId;
  readonly ver: number;
  readonly seq: number;
  readonly epoch: number;
  readonly list: InboxList;
  /** Sorts the list: queue by place, mine by accept, suspended and closed by when. */
  readonly at: number;
  readonly status: Status;
  readonly stream: string;
  readonly widget: string;
  /** The customer's name, or `Visitor 81-204` for an anonymous one. */
  readonly name: string;
  readonly verified: boolean;
  /** What the customer wants, as the bot said it. */
  readonly reason?: string;
  /** Who has it, or is being asked. */
  readonly owner?: { readonly id: AgentId; readonly name: string };
  readonly previous?: { readonly id: AgentId; readonly name: string };
  readonly queuedAt?: number;
  /** Its customer is gone and keeps a place in the line: it is whose turn comes then, not its last agent's. */
  readonly inLine?: true;
  /** In line as a message, whose customer may be gone: it waits until here. */
  readonly messageUntil?: number;
  /** Who passed on it: no longer asked, but may still accept. */
  readonly declinedBy?: readonly AgentId[];
  /** Why it went on to the queue, from whom, and how long they were asked. */
  readonly moved?: Moved;
  /** Its agent gives no sign of life while the customer waits: since when, and since when anyone may take it over. */
  readonly agentSilentAt?: number;
  readonly offeredOnAt?: number;
  readonly goneAt?: number;
  readonly cause?: string;
  readonly agentHeldUntil?: number;
  readonly returnUntil?: number;
  readonly offeredUntil?: number;
  /** Who hands it over to its owner, who is being asked, and the note that goes with it. */
  readonly from?: { readonly id: AgentId; readonly name: string };
  readonly note?: string;
  /** Who was asked into it, and whether they have come. */
  readonly guests?: readonly { readonly id: AgentId; readonly name: string; readonly joined: boolean }[];
  /** Since when its customer waits for an answer, once its agent was reminded of it. */
  readonly owedSince?: number;
  /** Once supervisors were told: of the answer, or of the promise to be back. */
  readonly overdueAt?: number;
  /** Why it was set aside. */
  readonly suspendReason?: string;
  readonly backBy?: number;
  readonly suspendedUntil?: number;
  readonly customerBackAt?: number;
  readonly endedAt?: number;
  /** Until then its agent may take it back; absent once that was done. */
  readonly wrapUpUntil?: number;
  /** What its agent said came of it. */
  readonly disposition?: string;
  /** The ended session this one goes on from. */
  readonly follows?: SessionId;
  /** How many messages its customer has written. */
  readonly fromCustomer?: number;
  readonly lastLine?: {
    readonly by: 'customer' | 'agent' | 'bot';
    readonly text: string;
    readonly at: number;
  };
}

/**
 * A deadline on file: `due:<minute>:<shard>`. Lazy: firing reads the header and files again if it moved later, or leaves a
 * row in a past minute and remembers the next look (see `Watch`).
 */
export interface Due {
  readonly sid: SessionId;
  readonly dueAt: number;
}

/** Number of due shards; a constant, since rows already filed are found by it. */
export const SHARDS = 16;

/** The shard a session's deadlines are filed under: a stable hash, the same in every version. */
export function shardOf(sid: SessionId): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < sid.length; i += 1) hash = Math.imul(hash ^ sid.charCodeAt(i), 0x01000193) >>> 0;
  return hash % SHARDS;
}
