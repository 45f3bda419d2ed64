import type { AgentId, CustomerId, SessionId } from '../../session/ids.ts';
import type { Stored } from '../ports.ts';

/** A document of a customer's partition, whatever it is. */
export interface Held {
  readonly id: string;
  readonly kind: string;
  readonly body: unknown;
}

/** What is filed outside the partition for one session: a row, a deadline, a word owed to the CRM. */
export interface Filed {
  readonly view: string;
  readonly sid: SessionId;
  readonly isRow: boolean;
}

/** One erasure, from the moment it is asked for until nothing of it is under way any more. */
export interface Erasure {
  /** Names it in the audit, and says nothing of whom it was about. */
  readonly id: string;
  /** Whose: an account, or a device that nobody has signed in on. */
  readonly customer: CustomerId;
  /** Their own partition, and those of every device whose chats their account took along. */
  readonly partitions: readonly CustomerId[];
  /** Who asked: an agent's id, or `operator`. */
  readonly by: string;
  readonly askedAt: number;
  /** Set once the store and the files hold nothing of them. */
  readonly erasedAt?: number;
  /** Reference numbers of chats that a CRM may know of. */
  readonly references: readonly string[];
  /** Cards that agents still have in Teams. */
  readonly cards: readonly { readonly agent: AgentId; readonly activity: string }[];
  readonly counts: Counts;
  /** What the running house has done about it since. */
  readonly done?: {
    readonly cards?: true;
    /** Attempts to tell the hook that failed, and when the next is due; `told` ends it. */
    readonly hook?: { readonly told?: true; readonly failed: number; readonly nextAt: number };
  };
}

/** How much went. */
export interface Counts {
  readonly sessions: number;
  readonly documents: number;
  readonly files: number;
}

/** What stays of an erasure: that it was, when, by whom, how much. Nothing of the person. */
export interface ErasureNote extends Counts {
  readonly id: string;
  readonly by: string;
  readonly askedAt: number;
  readonly erasedAt: number;
}

/** What exporting and erasing one customer needs of all four containers, found by the customer's id alone. */
export interface HoldingsStore {
  /** One page of what lies in a customer's partition: all of one kind, or everything. */
  readonly held: (
    customer: CustomerId,
    page: { readonly kind?: string; readonly from?: string },
  ) => Promise<{ readonly held: readonly Held[]; readonly next?: string }>;
  /**
   * Names up to 100 documents that an erasure has yet to delete: everything but the index, which fences until the end,
   * and what `bury` left.
   */
  readonly left: (customer: CustomerId) => Promise<readonly { readonly id: string; readonly kind: string }[]>;
  /** Deletes at most 100; `false` when one of them was gone already: then none is deleted, look again. */
  readonly remove: (customer: CustomerId, ids: readonly string[]) => Promise<boolean>;
  /** Leaves a tombstone, for an hour, where a session's record would be written by whoever read its header before. */
  readonly bury: (sid: SessionId) => Promise<void>;
  /** Rows, deadlines and debts to the hook of a customer's sessions, in whichever lists; tombstones are none. */
  readonly filed: (customer: CustomerId) => Promise<readonly Filed[]>;
  /** Puts a tombstone, for an hour, in place of a row: no version of it comes back. */
  readonly hide: (row: Pick<Filed, 'view' | 'sid'>) => Promise<void>;
  /** Deletes a deadline or a debt. Twice is fine. */
  readonly unfile: (filed: Pick<Filed, 'view' | 'sid'>) => Promise<void>;
  readonly dropReference: (reference: string) => Promise<void>;
  /** Drops the return codes that lead to a customer. */
  readonly dropCodes: (customer: CustomerId) => Promise<void>;
  readonly erasure: (customer: CustomerId) => Promise<Stored<Erasure> | undefined>;
  /** `over: undefined` creates it. The new etag, or `false` when somebody else wrote first. */
  readonly saveErasure: (erasure: Erasure, over: string | undefined) => Promise<string | false>;
  /** Every erasure that is not over yet. */
  readonly erasures: () => Promise<readonly Stored<Erasure>[]>;
  /** It is over: nothing is kept of it but its note. */
  readonly forgetErasure: (customer: CustomerId) => Promise<void>;
  /** Keeps the audit line of an erasure. Twice is fine. */
  readonly noteErasure: (note: ErasureNote) => Promise<void>;
  /** Keeps, with the customer, that somebody took an export of what is held of them. */
  readonly noteExport: (customer: CustomerId, id: string, by: string, at: number) => Promise<void>;
}
