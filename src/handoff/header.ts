import type { AgentId, ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Session, Status, Subject } from '../session/session.ts';
import type { Event } from '../session/event.ts';
import type { Awaited } from './awaited.ts';
import type { AskedQuestion } from './questions.ts';

/** Where a customer can be reached: the framework's conversation reference, neutral of any SDK; JSON. */
export interface CustomerReference {
  readonly channel: string;
  readonly serviceUrl: string;
  readonly conversation: ConversationId;
  readonly bot: { readonly id: string; readonly name?: string };
  readonly user: { readonly id: CustomerId; readonly name?: string };
  readonly locale?: string;
}

/** A session as it is stored: what was decided, and what follows the ledger. */
export interface Header {
  readonly session: Session;
  /** Number of the last ledger entry; 0 = nothing said yet. */
  readonly seq: number;
  /** Highest entry the customer has for certain: carried by us, or part of a transcript they were handed. */
  readonly delivered: number;
  /** Number of the last entry that is to be carried to the customer; nothing is owed when `delivered` reaches it. */
  readonly owed: number;
  /** What `owed` was when the session was last set aside while its customer was here: so far they are still told. */
  readonly owedHere?: number;
  /** Highest entry that a page of theirs has shown to somebody; absent as long as none has ever told, like a stock Web Chat. */
  readonly seen?: number;
  /** What agents wrote and the customer has not seen by then: numbers, the earliest first, 100 at most. */
  readonly unseen?: readonly number[];
  /** What the customer was last seen on. */
  readonly device?: Device;
  /** How many messages the customer has written; counted since sessions keep count. */
  readonly fromCustomer?: number;
  readonly reference: CustomerReference;
  /** The last thing said, at most 120 characters, for lists and the verified prompt. */
  readonly lastLine?: {
    readonly by: 'customer' | 'agent' | 'bot';
    readonly text: string;
    readonly at: number;
  };
  /** The agent's line that the customer waits for, until it is said; kept for what is measured of it. */
  readonly awaited?: Awaited;
  /** The questions the bot has asked, the latest last; kept for the same. */
  readonly questions?: readonly AskedQuestion[];
  /** The card each agent was shown for this session: Teams activity id by agent. */
  readonly cards: Readonly<Record<AgentId, string>>;
  /** The `ver` those cards show; redone while behind. */
  readonly cardVer: number;
  /** Set once what a session that is over leaves has its end; `files`: until when the bytes of its files are kept. */
  readonly retained?: { readonly at: number; readonly files?: number };
  /**
   * Which instance brings lines and cards of this session to their channels: two never do at a time, whoever wrote them.
   * Rides on every step; past `until` (ms) another may take over.
   */
  readonly carrier?: { readonly holder: string; readonly until: number };
  /** Seal of the audit record of this version, for the next one to be written after; since records are sealed. */
  readonly audited?: { readonly ver: number; readonly seal: string };
}

/** One decided change, as audited: `fold` over all of them rebuilds the session. */
export interface AuditRecord {
  readonly sid: SessionId;
  readonly ver: number;
  readonly at: number;
  /** Who asked: `customer`, `bot`, `house` or an agent's id. */
  readonly actor: string;
  readonly events: readonly Event[];
  /** Seal of the record before: one that is lost or changed shows. The first has none, nor those from before seals. */
  readonly prev?: string;
}

/** One line per session of a customer, in the index document of their partition. */
export interface IndexEntry {
  readonly sid: SessionId;
  readonly status: Status;
  readonly widget: string;
  readonly conversation: ConversationId;
  /** Conversations it has moved on from, latest first, some at most: their pages may still be open. */
  readonly earlier?: readonly ConversationId[];
  readonly openedAt: number;
  readonly changedAt: number;
  readonly suspendedAt?: number;
  /** Their agent's full name, or the last one's. */
  readonly agent?: string;
  /** Set once its customer was told that it is over, and why. */
  readonly overToldAt?: number;
}

/** Which sessions a customer has, newest first; final ones leave it a day after their end. */
export interface CustomerIndex {
  readonly customer: CustomerId;
  /** Who they are, as the site's token last said; absent for an anonymous device. */
  readonly subject?: Subject;
  /** The conversation in which they last chose to start fresh: there they are not asked again. */
  readonly freshIn?: ConversationId;
  /** Sessions that lay in that very conversation when they did: what is written there is no longer for them. */
  readonly freshFrom?: readonly SessionId[];
  /** Partitions of anonymous devices whose chats this account has taken along by signing in. */
  readonly aliases?: readonly CustomerId[];
  /** This id is but a name, made with another pepper, of a customer who lives in that partition. */
  readonly livesAt?: CustomerId;
  /** Ids under other peppers that are names of this customer. */
  readonly names?: readonly CustomerId[];
  /** Since when they are being erased: nothing new begins here until that is done. */
  readonly erasing?: number;
  /** When they were last erased: what opens here since then is named anew. Alone, it is gone after a day. */
  readonly erasedAt?: number;
  readonly sessions: readonly IndexEntry[];
}

/** What a customer sits at, and no more than that of what their browser tells of itself. */
export interface Device {
  readonly kind: 'phone' | 'computer';
  /** A family, such as `Safari`; absent for one that is not known here. */
  readonly browser?: string;
}

/** What the page last told of itself, per conversation; judged on reading. */
export interface Presence {
  readonly conversation: ConversationId;
  /** When it last beat, ms. */
  readonly beatAt: number;
  /** Set by a beat while the page is hidden or the phone locked: since when. */
  readonly hiddenAt?: number;
  /** Set when the page said that it leaves; a later beat clears it. */
  readonly leftAt?: number;
  readonly phone: boolean;
  readonly device?: Device;
  /** The widget this conversation was opened in. */
  readonly widget?: string;
  /** Which conversation's page was handed this one; gone with the first beat here. */
  readonly from?: ConversationId;
}
