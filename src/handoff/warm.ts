import { customerOf, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Cache } from './cache.ts';
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

/** Headers and indexes as this instance last saw them: hints, each with the etag that fences what is written over it. */
export interface Warm {
  readonly header: (sid: SessionId) => Promise<Stored<Header> | undefined>;
  readonly isWarm: (sid: SessionId) => boolean;
  /** The header as the store has it now; one read. */
  readonly fresh: (sid: SessionId) => Promise<Header | undefined>;
  readonly keep: (sid: SessionId, header: Stored<Header>) => void;
  readonly drop: (sid: SessionId) => void;
  readonly index: (customer: CustomerId) => Promise<ReadIndex>;
  readonly keepIndex: (customer: CustomerId, index: ReadIndex) => void;
  readonly dropIndex: (customer: CustomerId) => void;
  /** Takes in what the change feed brought at `now`; whether it is newer than what was warm. */
  readonly learn: (header: Header, etag: string, now: number) => boolean;
  /** Forgets a customer's index, and the headers it lists. */
  readonly forget: (customer: CustomerId) => void;
  /** Forgets everything of a customer, however old, and gives the sessions it knew; goes through everything. */
  readonly erase: (customer: CustomerId) => readonly SessionId[];
}

const WARM_SESSIONS = 100_000;

/** Makes one instance's memory of a store. */
export function warmed(store: SessionStore, now: () => number): Warm {
  const headers: Cache<SessionId, Stored<Header>> = mostlyPacked(
    WARM_SESSIONS,
    now,
    likeThis(TYPICAL_HEADER),
  );
  const indexes: Cache<CustomerId, ReadIndex> = mostlyPacked(WARM_SESSIONS, now, likeThis(TYPICAL_INDEX));
  return {
    header: async (sid) => {
      const held = headers.get(sid);
      if (held !== undefined) return held;
      const read = await store.header(sid);
      if (read !== undefined) headers.set(sid, read);
      return read;
    },
    isWarm: (sid) => headers.get(sid) !== undefined,
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
    learn: (header, etag, now) => {
      const { id, customer } = header.session;
      const held = headers.get(id);
      const isNews = held !== undefined && isNewer(header, held.value);
      if (isNews) headers.set(id, { value: header, etag });
      const index = indexes.get(customer)?.value;
      const older = held !== undefined && isNewer(held.value, header);
      if (index !== undefined && !older && reindex(index, header, now) !== undefined) indexes.drop(customer);
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
