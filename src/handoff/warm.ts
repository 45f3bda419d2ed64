import { customerOf, type CustomerId, type SessionId } from '../session/ids.ts';
import { recentlyUsed, type Cache } from './cache.ts';
import type { CustomerIndex, Header } from './header.ts';
import { likeThis, mostlyPacked } from './packed.ts';
import type { SessionStore, Stored } from './ports.ts';
import { reindex } from './step.ts';
import { TYPICAL_HEADER, TYPICAL_INDEX } from './typical.ts';

/** A customer's index as it was read; without an etag there is none yet. */
export interface ReadIndex {
  readonly value: CustomerIndex;
  readonly etag: string | undefined;
}

/** A header to write over; a hint may be old. */
export interface Under {
  readonly read: Stored<Header> | undefined;
  readonly isHint: boolean;
}

/** Headers and indexes as this instance last saw them: hints, each with the etag that fences what is written over it. */
export interface Warm {
  readonly header: (sid: SessionId) => Promise<Stored<Header> | undefined>;
  /** The same without reading anything. */
  readonly headerInMind: (sid: SessionId) => Header | undefined;
  readonly indexInMind: (customer: CustomerId) => CustomerIndex | undefined;
  /**
   * What a step is written over. As it is held, which makes it a hint; read anew where the last step met another
   * instance's: a read and a write are less than a write in vain, a read and a write. That there was none a moment ago is
   * a hint, too, to whoever opens one.
   */
  readonly under: (sid: SessionId, isOpened?: boolean) => Promise<Under>;
  /** Notes that a step was written over an older header than what is stored. */
  readonly missed: (sid: SessionId) => void;
  /** The header as the store has it now; one read. */
  readonly fresh: (sid: SessionId) => Promise<Header | undefined>;
  readonly keep: (sid: SessionId, header: Stored<Header>) => void;
  readonly drop: (sid: SessionId) => void;
  readonly index: (customer: CustomerId) => Promise<ReadIndex>;
  readonly keepIndex: (customer: CustomerId, index: ReadIndex) => void;
  readonly dropIndex: (customer: CustomerId) => void;
  /** Takes in what the change feed brought; whether it is newer than what was warm. */
  readonly learn: (header: Header, etag: string) => boolean;
  /** Forgets a customer's index, and the headers it lists. */
  readonly forget: (customer: CustomerId) => void;
  /** Forgets everything of a customer, however old, and gives the sessions it knew; goes through everything. */
  readonly erase: (customer: CustomerId) => readonly SessionId[];
}

const WARM_SESSIONS = 100_000;
const ABSENT = 1_000;
/** A bot answers within this, mostly. */
const JUST_NOW_MS = 2_000;

/** Makes one instance's memory of a store. */
export function warmed(store: SessionStore, now: () => number): Warm {
  const headers: Cache<SessionId, Stored<Header>> = mostlyPacked(
    WARM_SESSIONS,
    now,
    likeThis(TYPICAL_HEADER),
  );
  const indexes: Cache<CustomerId, ReadIndex> = mostlyPacked(WARM_SESSIONS, now, likeThis(TYPICAL_INDEX));
  /** Sessions that other instances write too, by what the last step of this one met. */
  const shared: Cache<SessionId, true> = recentlyUsed(WARM_SESSIONS, now);
  /** Sessions that were looked for a moment ago, and not there. */
  const absent: Cache<SessionId, true> = recentlyUsed(ABSENT, now, JUST_NOW_MS);

  /** Looked for in vain a moment ago, or of somebody who had nothing; a hint for one attempt. */
  const isAbsent = (sid: SessionId): boolean => {
    if (shared.get(sid) === true) return false;
    const wasMissing = absent.get(sid) === true;
    absent.drop(sid);
    const index = indexes.get(customerOf(sid));
    return wasMissing || (index !== undefined && index.etag === undefined);
  };
  const readAnew = async (sid: SessionId, held: Stored<Header> | undefined) => {
    const read = await store.header(sid);
    if (read === undefined) {
      // Erased; one that was never there is about to be opened, and its index was just read.
      if (held !== undefined || shared.get(sid) === true) indexes.drop(customerOf(sid));
      headers.drop(sid);
      return undefined;
    }
    // A replica that lags must not take back what is known.
    const isOld = held !== undefined && isNewer(held.value, read.value) && !isNewer(read.value, held.value);
    const latest = isOld ? held : read;
    headers.set(sid, latest);
    dropOldIndex(latest.value);
    return latest;
  };
  /** What an index tells of a session must be no older than what is known of it. */
  const dropOldIndex = (header: Header): void => {
    const { customer } = header.session;
    const index = indexes.get(customer)?.value;
    if (index !== undefined && reindex(index, header, now()) !== undefined) indexes.drop(customer);
  };

  return {
    header: async (sid) => {
      const held = headers.get(sid);
      if (held !== undefined) return held;
      const read = await store.header(sid);
      if (read === undefined) absent.set(sid, true);
      else headers.set(sid, read);
      return read;
    },
    headerInMind: (sid) => headers.get(sid)?.value,
    indexInMind: (customer) => indexes.get(customer)?.value,
    under: async (sid, isOpened = false) => {
      const held = headers.get(sid);
      if (held === undefined && isOpened && isAbsent(sid)) return { read: undefined, isHint: true };
      if (held !== undefined && shared.get(sid) === undefined) return { read: held, isHint: true };
      const read = await readAnew(sid, held);
      // Nobody has come between, or the change feed has brought it in time: memory will do again.
      if (held !== undefined && read?.etag === held.etag) shared.drop(sid);
      return { read, isHint: false };
    },
    missed: (sid) => {
      headers.drop(sid);
      shared.set(sid, true);
    },
    fresh: async (sid) => {
      const read = await store.header(sid);
      const held = headers.get(sid);
      // Erased, or past its time.
      if (read === undefined) headers.drop(sid);
      if (read !== undefined && (held === undefined || isNewer(read.value, held.value)))
        headers.set(sid, read);
      return read?.value;
    },
    keep: headers.set,
    drop: headers.drop,
    index: async (customer) => {
      const held = indexes.get(customer);
      if (held !== undefined) return held;
      const read = await store.index(customer);
      const kept = read ?? { value: { customer, sessions: [] }, etag: undefined };
      indexes.set(customer, kept);
      return kept;
    },
    keepIndex: indexes.set,
    dropIndex: indexes.drop,
    learn: (header, etag) => {
      const { id, customer } = header.session;
      const held = headers.get(id);
      const isNews = held !== undefined && isNewer(header, held.value);
      if (isNews) headers.set(id, { value: header, etag });
      if (held === undefined || !isNewer(held.value, header)) dropOldIndex(header);
      const account = accountOf(header);
      if (account !== undefined && indexes.get(account)?.value.aliases?.includes(customer) !== true)
        indexes.drop(account);
      return isNews;
    },
    forget: (customer) => {
      for (const entry of indexes.get(customer)?.value.sessions ?? []) headers.drop(entry.sid);
      indexes.drop(customer);
    },
    erase: (customer) => {
      indexes.drop(customer);
      return headers.dropAll((sid) => customerOf(sid) === customer);
    },
  };
}

/** Whose account a session of a device's partition is, once its customer has signed in. */
const accountOf = ({ session: { subject } }: Header): CustomerId | undefined =>
  subject.kind === 'signedIn' ? subject.account : undefined;

/** Whether `one` was written after `other`: every one of these numbers only ever grows. */
const isNewer = (one: Header, other: Header): boolean =>
  one.session.ver > other.session.ver ||
  one.seq > other.seq ||
  one.delivered > other.delivered ||
  (one.seen ?? -1) > (other.seen ?? -1) ||
  one.cardVer > other.cardVer ||
  (one.carrier?.until ?? 0) > (other.carrier?.until ?? 0);
