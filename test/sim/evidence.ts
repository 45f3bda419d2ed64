import {
  readAgent,
  readAudit,
  readEntry,
  readHeader,
  readPresence,
  readKey,
  readRow,
} from '../../src/adapters/cosmos/documents.ts';
import type { AuditRecord, Header, Presence } from '../../src/handoff/header.ts';
import type { Row } from '../../src/handoff/inbox.ts';
import type { KeptFile, KeyRecord } from '../../src/handoff/ports.ts';
import type { AgentRecord } from '../../src/handoff/roster.ts';
import type { SessionId } from '../../src/session/ids.ts';
import type { Entry } from '../../src/session/ledger.ts';
import type { Rules } from '../../src/session/rules.ts';

/** Documents by container, as they lie in a store. */
export type Documents = ReadonlyMap<string, readonly unknown[]>;

/** A line that somebody sent, once or again and again. Its words are its own: no other line has them. */
export interface SaidLine {
  readonly text: string;
  /** The customer's id, or the agent's. */
  readonly by: string;
  readonly firstSentAt: number;
  /** When a 2xx came; absent when none ever did. */
  readonly ackedAt?: number;
  /** The answer was that it is not passed on: they must choose first, or the act was refused. */
  readonly turnedAway?: true;
  /** Whoever sent it was told each time that nothing was sent, and may send it again. */
  readonly unsent?: true;
  /** A file came with it, whose bytes are its words. */
  readonly file?: true;
}

/** A line of a ledger as it came to a customer. */
export interface ReceivedLine {
  readonly sid: string;
  readonly seq: number;
  readonly conversation: string;
  /** The words it came with. */
  readonly text: string;
  /** The instance that sent it. */
  readonly by: string;
  readonly sentAt: number;
  readonly at: number;
  /** Whoever sent it may not know that it came. */
  readonly doubtful: boolean;
  /** Its instance stood still shortly before: what it sends may be from before. */
  readonly afterPause?: true;
}

/** A customer was given the transcript of a session up to an entry, or may have been. */
export interface Handed {
  readonly sid: string;
  readonly upTo: number;
  readonly at: number;
  /** The conversation their page opens with it, which shows no line before it has it. */
  readonly opens?: string;
}

/** One click on a link, and what was answered in the end. */
export interface Redeemed {
  readonly token: string;
  readonly attempt: string;
  /** The customer whose browser it was, and as whom the site knows them. */
  readonly by: string;
  readonly account: string;
  readonly came: 'back' | 'ask' | 'used' | 'over' | 'unknown' | 'tooMany' | 'failed';
  /** The conversation they came back in, where they did. */
  readonly opens?: string;
  readonly firstSentAt: number;
  readonly answeredAt: number;
}

/** Somebody was told that there is no such session. */
export interface Denied {
  readonly sid: string;
  readonly what: string;
}

/** From when to when an instance could not do as it would: it was dead, stood still, or its store failed it. */
export interface Disturbed {
  readonly instance: string;
  readonly from: number;
  readonly until: number;
}

/** A turn, or an act, as the instance took it. */
export interface Taken {
  readonly what: string;
  readonly ms: number;
}

/** A press of a card's button, and the answer that came to it. Moments in ms of true time. */
export interface Pressed {
  readonly agent: string;
  readonly sid: string;
  readonly act: string;
  /** When it was pressed, and when this answer came. */
  readonly since: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** What the card that came says it shows, and the epoch of its buttons; absent where no card came. */
  readonly shows?: string;
  readonly epoch?: number;
  /** What it says of the press; nothing where all went as asked. */
  readonly said?: string;
}

/** A customer who was erased. */
export interface ErasedPerson {
  readonly customer: string;
  /** Stands in every line of theirs and to them, also in those since. */
  readonly mark: string;
  /** What had been said by and to them, and acknowledged, when it was asked. */
  readonly texts: readonly string[];
}

/** All that invariants are judged by: what lies in the store, and what people saw. Moments in ms of true time. */
export interface Evidence {
  readonly now: number;
  /** How far an instance's clock was from the true time at most, ms. */
  readonly skewMs: number;
  /** The same of each of them that was ever off. */
  readonly skews: ReadonlyMap<string, number>;
  readonly documents: Documents;
  /** The file store, by `<customer>/<id>`. */
  readonly files: ReadonlyMap<string, KeptFile>;
  readonly rulesFor: (widget: string) => Rules;
  readonly said: readonly SaidLine[];
  /** In the order they came. */
  readonly received: readonly ReceivedLine[];
  readonly handed: readonly Handed[];
  readonly redeemed: readonly Redeemed[];
  readonly denied: readonly Denied[];
  readonly taken: readonly Taken[];
  readonly pressed: readonly Pressed[];
  /** An instance that is disturbed after it has sent a line may not get to say that it has: that line may come again. */
  readonly disturbed: readonly Disturbed[];
  readonly erased: readonly ErasedPerson[];
  /** Conversations that took nothing any more. */
  readonly gone: ReadonlySet<string>;
}

/** A decision, and when the store last wrote it down: ms, by the second. */
export interface Audited extends AuditRecord {
  readonly writtenAt: number;
}

/** A key, and the hash it is found by. */
export interface HashedKey extends KeyRecord {
  readonly hash: string;
}

/** A session as stored, with all that belongs to it. */
export interface StoredSession {
  readonly header: Header;
  /** In order of their numbers. */
  readonly entries: readonly Entry[];
  readonly audit: readonly Audited[];
  readonly keys: readonly HashedKey[];
}

/** What the documents say. */
export interface Read {
  readonly sessions: readonly StoredSession[];
  readonly agents: readonly AgentRecord[];
  /** Rows that are not tombstones, with the view they stand in. */
  readonly rows: readonly { readonly view: string; readonly row: Row }[];
  readonly due: readonly { readonly sid: string; readonly dueAt: number }[];
  readonly presences: readonly { readonly customer: string; readonly presence: Presence }[];
}

/** Reads documents with the house's own readers. */
export function readDocuments(documents: Documents): Read {
  const of = (container: string, kind: string): readonly unknown[] =>
    (documents.get(container) ?? []).filter((one) => field(one, 'kind') === kind);
  const entries = bySession(of('sessions', 'entry').map(readEntry));
  const audit = bySession(
    of('sessions', 'audit').map((one): Audited => ({
      ...readAudit(one),
      writtenAt: Number(field(one, '_ts')) * 1000,
    })),
  );
  const keys = bySession(
    of('sessions', 'key').map((one): HashedKey => ({
      ...readKey(one),
      hash: String(field(one, 'id')).replace(/^r:/u, ''),
    })),
  );
  return {
    sessions: of('sessions', 'header')
      .map(readHeader)
      .map((header) => ({
        header,
        entries: [...(entries.get(header.session.id) ?? [])].sort((a, b) => a.seq - b.seq),
        audit: [...(audit.get(header.session.id) ?? [])].sort((a, b) => a.ver - b.ver),
        keys: keys.get(header.session.id) ?? [],
      })),
    agents: of('agents', 'agent').map(readAgent),
    rows: of('inbox', 'row')
      .filter((one) => field(one, 'list') !== 'gone')
      .map((one) => ({ view: String(field(one, 'view')), row: readRow(one) })),
    due: of('inbox', 'due').map((one) => ({
      sid: String(field(one, 'id')),
      dueAt: Number(field(one, 'dueAt')),
    })),
    presences: of('sessions', 'presence').map((one) => ({
      customer: String(field(one, 'customer')),
      presence: readPresence(one),
    })),
  };
}

function bySession<T extends { readonly sid: SessionId }>(
  all: readonly T[],
): ReadonlyMap<SessionId, readonly T[]> {
  const found = new Map<SessionId, T[]>();
  for (const one of all) found.set(one.sid, [...(found.get(one.sid) ?? []), one]);
  return found;
}

/** One property of a document. */
export const field = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
