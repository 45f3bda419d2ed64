import type { CannedResponse } from '../session/canned.ts';
import type { FileFault } from '../session/files.ts';
import type { AgentId, ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { AuditRecord, CustomerIndex, CustomerReference, Header, Presence } from './header.ts';
import type { InteractionRecord } from './interaction.ts';
import type { AgentRecord } from './roster.ts';
import type { CustomerTyping } from './news.ts';
import type { Due, InboxList, Row, View } from './inbox.ts';

/** Something read, with the etag that guards its replacement. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** One atomic step on one session: everything in it is written, or nothing. */
export interface Change {
  /** Etag of the header read; `undefined` creates it. */
  readonly over: string | undefined;
  /** The header that has this etag, exactly as it was read: what is the same in it need not be sent. */
  readonly before?: Header;
  readonly header: Header;
  readonly entries: readonly Entry[];
  /** Keys of inbound activities; one already there makes the whole step a `duplicate`. At most 256 characters each. */
  readonly dedupe: readonly string[];
  readonly audit?: AuditRecord;
  /** The customer's index, when the step changes it. `over: undefined` creates it. */
  readonly index?: { readonly over: string | undefined; readonly value: CustomerIndex };
  /** Keys used or made, and devices admitted, with the step. */
  readonly beside?: readonly Beside[];
}

/** A document of the customer's partition that is written in the same batch as a step; all by hash, no secret is stored. */
export type Beside =
  /** `over: undefined` creates it, an etag replaces what still has it; somebody else's write makes the step `spent`. */
  | {
      readonly kind: 'key';
      readonly hash: string;
      readonly over: string | undefined;
      readonly value: KeyRecord;
    }
  | { readonly kind: 'device'; readonly hash: string };

/** A reconnect key as stored, under the hash of the token that travels. */
export interface KeyRecord {
  readonly sid: SessionId;
  readonly kind: 'link' | 'code';
  /** The session's `linkFamily` when it was made; a later one has revoked it. */
  readonly family: number;
  readonly madeAt: number;
  /** A code's end, ms; a link lives as long as its session can be returned to. */
  readonly until?: number;
  /** Set by the one redemption: `attempt` is the hash of the caller's idempotency key, `sealed` the answer it was given. */
  readonly used?: { readonly at: number; readonly attempt?: string; readonly sealed: string };
}

/** What is patched into a header beside its steps; what is not given stays. */
export type Marks = Partial<
  Pick<Header, 'delivered' | 'seen' | 'unseen' | 'device' | 'cards' | 'cardVer' | 'carrier' | 'retained'>
>;

/**
 * `conflict`: somebody else was first, read and decide again. `duplicate`: already said. `spent`: a key of the step was
 * used or made by somebody else.
 */
export type Committed =
  | { readonly outcome: 'committed'; readonly etag: string; readonly indexEtag?: string }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'spent' };

/** What the change feed brings: latest versions, at least once, in order only within a customer. */
export type News =
  | { readonly kind: 'header'; readonly header: Header; readonly etag: string }
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'typing'; readonly typing: CustomerTyping }
  /** This customer is being erased, with the latest of their sessions, or was (`done`). */
  | {
      readonly kind: 'erasing';
      readonly customer: CustomerId;
      readonly sessions: readonly SessionId[];
      readonly done: boolean;
    }
  | { readonly kind: 'agent'; readonly agent: AgentId };

/** One page of it; `isEnd`: at that moment there was no more. A page with nothing for us need not be the end. */
export interface NewsPage {
  readonly news: readonly News[];
  readonly next: string;
  readonly isEnd: boolean;
}

/**
 * The `sessions` container. Reads are hints, conditional writes are fences (design 5). Every call throws
 * `HandoffError('store_unavailable')` when the store does not answer within its deadline.
 */
export interface SessionStore {
  readonly index: (customer: CustomerId) => Promise<Stored<CustomerIndex> | undefined>;
  /** Writes the index alone; `over: undefined` creates it. The new etag, or `false` when somebody else wrote first. */
  readonly saveIndex: (value: CustomerIndex, over: string | undefined) => Promise<string | false>;
  readonly header: (sid: SessionId) => Promise<Stored<Header> | undefined>;
  readonly commit: (change: Change) => Promise<Committed>;
  /** Whether a step of this customer's was taken under this dedupe key. */
  readonly heard: (customer: CustomerId, key: string) => Promise<boolean>;
  /** Patches marks under the etag; the new etag, or `false` when the header moved on. */
  readonly mark: (sid: SessionId, over: string, marks: Marks) => Promise<string | false>;
  /** Entries with `after < seq`, ascending; `upTo` inclusive. `last: n` gives the newest n of them instead, ascending. */
  readonly entries: (
    sid: SessionId,
    page: { readonly after?: number; readonly upTo?: number; readonly last?: number },
  ) => Promise<readonly Entry[]>;
  readonly audit: (sid: SessionId) => Promise<readonly AuditRecord[]>;
  /** Of a session that is over: everything said and decided in it is kept so long from `endedAt` on. Twice is fine. */
  readonly retain: (sid: SessionId, endedAt: number) => Promise<void>;
  /**
   * Notes, beside the audit, that its customer is asked in this conversation whether they go on; the first time stays.
   * Whether this was it.
   */
  readonly noteAsked: (sid: SessionId, conversation: ConversationId, at: number) => Promise<boolean>;
  /** When its customer was asked so, ms, in no order. */
  readonly asked: (sid: SessionId) => Promise<readonly number[]>;
  readonly presence: (customer: CustomerId, conversation: ConversationId) => Promise<Presence | undefined>;
  /** One blind upsert; never touches the header. */
  readonly beat: (customer: CustomerId, presence: Presence) => Promise<void>;
  /** Notes that the customer writes: one blind upsert, never the header, that is gone by itself; tabs hear it by the feed. */
  readonly types: (sid: SessionId, at: number) => Promise<void>;
  /** Tells every instance that somebody else changed an agent's standing: as gone by itself, and as heard, as typing is. */
  readonly turnTo: (agent: AgentId, at: number) => Promise<void>;
  /** Whether this hash of a device secret is known in the customer's partition. */
  readonly hasDevice: (customer: CustomerId, secretHash: string) => Promise<boolean>;
  readonly addDevice: (customer: CustomerId, secretHash: string) => Promise<void>;
  /** Forgets a device: its cookie admits nobody any more. Twice is fine. */
  readonly dropDevice: (customer: CustomerId, secretHash: string) => Promise<void>;
  /** A reconnect key by the hash of its token. */
  readonly key: (customer: CustomerId, hash: string) => Promise<Stored<KeyRecord> | undefined>;
  /** Makes keys beside no step; all or none. */
  readonly addKeys: (
    customer: CustomerId,
    keys: readonly { readonly hash: string; readonly value: KeyRecord }[],
  ) => Promise<void>;
  /**
   * One page of the change feed, on from the last one's `next`. Without one it starts where `start` says, which is now
   * unless told otherwise.
   */
  readonly news: (from: string | undefined, start?: 'now' | 'beginning') => Promise<NewsPage>;
}

/** The `agents` container. */
export interface AgentStore {
  readonly agent: (id: AgentId) => Promise<Stored<AgentRecord> | undefined>;
  /** `false` when it exists. */
  readonly create: (record: AgentRecord) => Promise<string | false>;
  /** The new etag, or `false` when somebody else wrote first. */
  readonly replace: (record: AgentRecord, over: string) => Promise<string | false>;
  /** Everyone, for routing; may lag by a moment. */
  readonly roster: () => Promise<readonly AgentRecord[]>;
}

/** The `inbox` container: what the tab lists, and deadlines. Projections, never the authority. */
export interface InboxStore {
  /**
   * Writes a row, or a tombstone (`row: undefined`, gone in an hour), unless what is there has an equal or newer
   * `ver`.`seq`. `isNew`: most likely nothing is there yet, which spares a request where it is so and costs one where not.
   */
  readonly put: (
    view: View,
    sid: SessionId,
    ver: number,
    seq: number,
    row: Row | undefined,
    isNew?: boolean,
  ) => Promise<void>;
  /** One page of a list, oldest place first (`closed`, `suspended`: newest first), and where to go on. */
  readonly page: (
    view: View,
    list: InboxList,
    limit: number,
    from?: string,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next?: string }>;
  /** Files a deadline; an earlier one already filed for the session at the same minute is kept as the earlier of both. */
  readonly file: (due: Due) => Promise<void>;
  /** Deadlines of one shard that have passed, of the minute of `now` and the one before. */
  readonly due: (shard: number, now: number) => Promise<readonly Due[]>;
  /** All that have passed, of every minute and shard; of those, the ones that were due after `since`, where it is given. */
  readonly overdue: (now: number, since?: number) => Promise<readonly Due[]>;
  readonly done: (due: Due) => Promise<void>;
}

/** The records of sessions that are over, beside each session; found by their reference number too. */
export interface InteractionStore {
  readonly interaction: (sid: SessionId) => Promise<Stored<InteractionRecord> | undefined>;
  /** `over: undefined` creates it. The new etag, or `false` when somebody else wrote first. */
  readonly saveInteraction: (record: InteractionRecord, over: string | undefined) => Promise<string | false>;
  /** Every record of one customer's partition, in no order. */
  readonly interactionsOf: (customer: CustomerId) => Promise<readonly InteractionRecord[]>;
  /** Notes which session a reference number stands for. Twice is fine. */
  readonly fileReference: (reference: string, sid: SessionId, endedAt: number) => Promise<void>;
  readonly sessionOf: (reference: string) => Promise<SessionId | undefined>;
  /** Files that the hook is yet to be told this version, or a later one. */
  readonly owe: (sid: SessionId, version: number) => Promise<void>;
  readonly owed: () => Promise<readonly SessionId[]>;
  /** Takes it off the file, unless a later version was filed meanwhile. */
  readonly settled: (sid: SessionId, version: number) => Promise<void>;
}

/** The `lookups` container, as far as the spine needs it. */
export interface Leases {
  /**
   * Takes or keeps a lease for `ms`; gives its value (a checkpoint), or `false` while another holds it. `value` is saved
   * with it, where it is kept and not taken anew.
   */
  readonly take: (
    name: string,
    holder: string,
    now: number,
    ms: number,
    value?: string,
  ) => Promise<{ readonly value?: string } | false>;
  /** Writes the lease's value if still held; `false` when lost. */
  readonly save: (name: string, holder: string, value: string) => Promise<boolean>;
  readonly release: (name: string, holder: string) => Promise<void>;
  /** When it runs out unless it is renewed, ms; `undefined` when nobody ever took it. */
  readonly until: (name: string) => Promise<number | undefined>;
  /** Its value, whoever has it. */
  readonly value: (name: string) => Promise<string | undefined>;
}

/** The `lookups` container's other use: what is found without knowing its customer, and counts shared by all instances. */
export interface Lookups {
  /** Notes under a return code's hash which key it stands for; `false` when that code is taken. Gone after `until` (ms). */
  readonly putCode: (hash: string, code: CodeRecord) => Promise<boolean>;
  readonly code: (hash: string) => Promise<CodeRecord | undefined>;
  /** Counts one more of `name` in the window of `windowMs` that `now` lies in, and gives how many that makes. */
  readonly count: (name: string, now: number, windowMs: number) => Promise<number>;
  /** How many were counted, without counting. */
  readonly counted: (name: string, now: number, windowMs: number) => Promise<number>;
}

/** A file as it is kept: its bytes, and what they were sent as. */
export interface KeptFile {
  readonly bytes: Uint8Array;
  /** As `fileName` leaves it. */
  readonly name: string;
  /** MIME type, as the bytes themselves tell it. */
  readonly type: string;
}

/**
 * Bytes of files, each under its customer's partition, so that erasing a customer erases their files. Every call throws
 * `HandoffError('store_unavailable')` when the store does not answer within its deadline.
 */
export interface FileStore {
  /** Keeps a file under this id; `false` when one is there already, which stays as it is. */
  readonly put: (customer: CustomerId, id: string, file: KeptFile) => Promise<boolean>;
  readonly get: (customer: CustomerId, id: string) => Promise<KeptFile | undefined>;
  /** What is known of it, without its bytes; `size` in bytes. */
  readonly about: (
    customer: CustomerId,
    id: string,
  ) => Promise<(Omit<KeptFile, 'bytes'> & { readonly size: number }) | undefined>;
  /** Twice is fine. */
  readonly remove: (customer: CustomerId, id: string) => Promise<void>;
  /** The ids of everything that is kept of this customer. */
  readonly list: (customer: CustomerId) => Promise<readonly string[]>;
  /** Everything of this customer, and of nobody else; gives how many there were. */
  readonly removeAll: (customer: CustomerId) => Promise<number>;
  /** Holds a file that is nobody's yet, until a moment (ms); `false` when one is there already under both. */
  readonly hold: (until: number, id: string, file: KeptFile) => Promise<boolean>;
  /** One that is held, by the same two. */
  readonly held: (until: number, id: string) => Promise<KeptFile | undefined>;
  /** Forgets those that were held until `now` or less; gives how many there were. */
  readonly dropLapsed: (now: number) => Promise<number>;
}

/** Whose canned responses: an agent's own, or those that everyone of a work stream shares. */
export type ShelfName = `own:${AgentId}` | `shared:${string}`;

/** Canned responses that were written down in one place, and how often each was said, those of the settings too. */
export interface Shelf {
  readonly responses: readonly CannedResponse[];
  readonly uses: Readonly<Record<string, number>>;
}

/** The `lookups` container's third use: canned responses. */
export interface Shelves {
  readonly shelf: (name: ShelfName) => Promise<Stored<Shelf> | undefined>;
  /** Writes it over what was read; `over: undefined` creates it. `false`: somebody else wrote first. */
  readonly saveShelf: (name: ShelfName, shelf: Shelf, over: string | undefined) => Promise<boolean>;
}
/**
 * Fetches the bytes of an attachment from the channel it came through: from no other place, whatever the address says,
 * without following it elsewhere, and no more than `mostBytes` of it. Ends with `stopped`; failing is a value.
 */
export type FetchFile = (
  url: string,
  mostBytes: number,
  stopped: AbortSignal,
) => Promise<
  { readonly bytes: Uint8Array } | { readonly fault: Extract<FileFault, 'tooLarge' | 'unreadable'> }
>;

/** Where something lies that an agent dropped into their chat with the bot. */
export interface DroppedAt {
  /** `download`: in their own drive, at an address that needs no sign-in. `inline`: a picture in the message itself. */
  readonly kind: 'download' | 'inline';
  readonly url: string;
}

/** Fetches what an agent dropped into this chat, as carefully as `FetchFile`. */
export type FetchDropped = (
  at: DroppedAt,
  chat: AgentReference,
  mostBytes: number,
  stopped: AbortSignal,
) => ReturnType<FetchFile>;

/** Where a return code leads. */
export interface CodeRecord {
  readonly customer: CustomerId;
  /** Hash of the key it stands for. */
  readonly key: string;
  readonly until: number;
}

/** What came of handing something to a channel. */
export type Sent =
  | { readonly outcome: 'sent'; readonly id?: string }
  /** The conversation is gone or the person removed the bot: no retry. */
  | {
      readonly outcome: 'gone';
      /** The person let nothing of ours in (403): nothing else will get there either. */
      readonly blocked?: true;
    }
  /** Refused for now (429, 412, 502, 503, 504; 401, which is our own fault): safe to try again after `afterMs`. */
  | { readonly outcome: 'later'; readonly afterMs: number }
  /** Refused as it is (400, 413), and for good: it takes another form to get through. */
  | { readonly outcome: 'refused' }
  /** Broke midway: it may or may not have arrived. `answered`: the channel did answer, that it failed at it. */
  | { readonly outcome: 'ambiguous'; readonly answered?: true };

/** A Bot Framework activity to be sent, as JSON. */
export type OutgoingActivity = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * Carries one activity to a customer: one attempt, which answers within its own deadline and ends with `stopped`. Never
 * runs our middleware's rules again.
 */
export type CustomerWire = (
  to: CustomerReference,
  activity: OutgoingActivity,
  stopped?: AbortSignal,
) => Promise<Sent>;

/** An agent's personal chat, neutral of any SDK; JSON. */
export interface AgentReference {
  readonly serviceUrl: string;
  readonly conversation: string;
  readonly bot: { readonly id: string; readonly name?: string };
  readonly user: { readonly id: string; readonly name?: string };
  readonly tenant?: string;
}

/** Brings cards to an agent's personal chat, and changes them in place. */
export interface AgentWire {
  readonly send: (to: AgentReference, card: unknown, summary: string) => Promise<Sent>;
  readonly update: (to: AgentReference, activity: string, card: unknown, summary: string) => Promise<Sent>;
  /** A line of its own, which rings; plain text. */
  readonly tell: (to: AgentReference, text: string) => Promise<Sent>;
}

/** Writes one event with fields; never tokens, never what people wrote. */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

/** How somebody stands in Teams. */
export type TeamsStatus = 'available' | 'busy' | 'away' | 'offline';

/** Reads how agents stand in Teams; who is unknown there is left out. Rejects when it cannot be read. */
export type TeamsPresence = (agents: readonly AgentId[]) => Promise<ReadonlyMap<AgentId, TeamsStatus>>;
