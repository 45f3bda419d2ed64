import { sleep, type Clock } from '../../clock.ts';
import {
  customerOf,
  readSessionId,
  type AgentId,
  type CustomerId,
  type SessionId,
} from '../../session/ids.ts';
import { isOver } from '../../session/whose.ts';
import { HandoffError } from '../errors.ts';
import type { CustomerIndex, Header } from '../header.ts';
import type { AgentStore, FileStore, Log, SessionStore, Stored } from '../ports.ts';
import { referenceOf } from '../reference.ts';
import { placements } from '../rows.ts';
import type { Counts, Erasure, HoldingsStore } from './holdings.ts';
import { personOf } from './person.ts';

/** Erases one customer; see `eraser`. */
export interface Eraser {
  /**
   * Notes that somebody is to be erased, which whoever resumes goes on from; `undefined` when nothing is held of them.
   * Asked again, it is the same erasure.
   */
  readonly ask: (id: CustomerId, by: string) => Promise<Erasure | undefined>;
  /** Carries it out, or on from where a crash left it. Twice, and by two at once, is harmless. */
  readonly carryOut: (customer: CustomerId) => Promise<Erasure>;
  /** Removes what was on its way into the partitions while they were erased, and leaves what was begun since. */
  readonly lookAgain: (erasure: Erasure) => Promise<void>;
}

const TRIES = 20;
const PAUSE_MS = 20;
const NOTHING: Counts = { sessions: 0, documents: 0, files: 0 };

/**
 * Makes it. Every step can be done again and finds by itself what is left of it, so a crash anywhere is repaired by
 * running it once more:
 *
 * 1. `ask` files the erasure, with every partition that is theirs: from here on any instance takes it up.
 * 2. Their indexes are marked: nothing new can begin, since whatever opens a session has to write the index.
 * 3. What is live is ended through the one door: the page and the agent are told, the place is free.
 * 4. Rows go from all lists and cannot come back, then references, codes and agents' places: nothing leads there any more.
 * 5. The headers go, with which every write to those sessions fails; then files, then all the rest.
 * 6. The indexes become tombstones, for a day; the audit line is written.
 */
export function eraser(given: {
  readonly store: SessionStore;
  readonly holdings: HoldingsStore;
  readonly agents: AgentStore;
  /** Absent where no files are kept. */
  readonly files: FileStore | undefined;
  /** Forgets what this instance remembers of a customer. */
  readonly forget: (customer: CustomerId) => void;
  /** Ends a live session, and gives those concerned the time to be told. */
  readonly end: (sid: SessionId) => Promise<void>;
  readonly clock: Clock;
  readonly unique: () => string;
  readonly log: Log;
}): Eraser {
  const { store, holdings, clock } = given;

  /** Again until nobody was in between. */
  const settled = async <T>(what: string, attempt: () => Promise<T | false>): Promise<T> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await sleep(clock, PAUSE_MS * tries);
      const done = await attempt();
      if (done !== false) return done;
    }
    throw new HandoffError('store_contended', `${what} was written by others ${TRIES} times in a row`);
  };

  const change = (customer: CustomerId, next: (erasure: Erasure) => Erasure): Promise<Erasure> =>
    settled(`The erasure of ${customer}`, async () => {
      const read = await holdings.erasure(customer);
      if (read === undefined) throw new HandoffError('not_found', `${customer} is not being erased`);
      const wanted = next(read.value);
      return (await holdings.saveErasure(wanted, read.etag)) !== false && wanted;
    });

  const ask: Eraser['ask'] = async (id, by) => {
    // What a crash left may not tell any more whose device it was.
    const left = (await holdings.erasures()).map(({ value }) => value).find(isUnfinished(id));
    const { customer, partitions } = left ?? (await personOf(store, id));
    return settled(`The erasure of ${customer}`, async () => {
      const before: Stored<Erasure> | undefined = await holdings.erasure(customer);
      if (before !== undefined && before.value.erasedAt === undefined) {
        if (partitions.every((one) => before.value.partitions.includes(one))) return before.value;
        const more = {
          ...before.value,
          partitions: [...new Set([...before.value.partitions, ...partitions])],
        };
        return (await holdings.saveErasure(more, before.etag)) !== false && more;
      }
      if (!(await holdsAnything(partitions))) return before?.value;
      const asked: Erasure = {
        ...{ id: given.unique(), customer, by, askedAt: clock.now(), counts: NOTHING },
        partitions: [...new Set([...partitions, ...(before?.value.partitions ?? [])])],
        // Of an earlier one, what is yet to be told of it.
        references: before?.value.references ?? [],
        cards: before?.value.cards ?? [],
      };
      return (await holdings.saveErasure(asked, before?.etag)) !== false && asked;
    });
  };

  const holdsAnything = async (partitions: readonly CustomerId[]): Promise<boolean> => {
    for (const customer of partitions) {
      const index = (await store.index(customer))?.value;
      if (index !== undefined && !isTombstone(index)) return true;
      if ((await holdings.left(customer)).length > 0) return true;
      if ((await given.files?.list(customer))?.length) return true;
    }
    return false;
  };

  const reindex = (customer: CustomerId, next: (index: CustomerIndex) => CustomerIndex | undefined) =>
    settled(`Customer ${customer}`, async () => {
      const read = await store.index(customer);
      const wanted = next(read?.value ?? { customer, sessions: [] });
      return wanted === undefined || (await store.saveIndex(wanted, read?.etag)) !== false;
    });

  const headersOf = async (customer: CustomerId): Promise<readonly Header[]> => {
    const headers: Header[] = [];
    let from: string | undefined;
    do {
      const page = await holdings.held(customer, { kind: 'header', ...(from !== undefined && { from }) });
      for (const { id } of page.held) {
        const sid = sidIn(id);
        const read = sid && (await store.header(sid));
        if (read !== undefined) headers.push(read.value);
      }
      from = page.next;
    } while (from !== undefined);
    return headers;
  };

  const endAll = async (partitions: readonly CustomerId[]): Promise<void> => {
    for (const customer of partitions)
      for (const { session } of await headersOf(customer)) if (!isOver(session)) await given.end(session.id);
  };

  /** What outlives the headers: whom the CRM knows by which number, and where cards stand. */
  const note = async (erasure: Erasure, headers: readonly Header[]): Promise<Erasure> =>
    change(erasure.customer, (before) => ({
      ...before,
      references: [
        ...new Set([
          ...before.references,
          ...headers.filter(hadAgent).map(({ session }) => referenceOf(session.id)),
        ]),
      ],
      cards: [...before.cards, ...headers.flatMap(cardsOf).filter((one) => !before.cards.some(isSame(one)))],
    }));

  const unlist = async (customer: CustomerId, headers: readonly Header[]): Promise<void> => {
    for (const header of headers)
      for (const { view } of placements(header)) await holdings.hide({ view, sid: header.session.id });
    for (const filed of await holdings.filed(customer))
      await (filed.isRow ? holdings.hide(filed) : holdings.unfile(filed));
  };

  /** Of everyone, not only of whom the headers name: a place is set before the session knows of it. */
  const freeAgents = async (partitions: readonly CustomerId[]): Promise<void> => {
    const isTheirs = (sid: SessionId): boolean => partitions.includes(customerOf(sid));
    for (const { id } of await given.agents.roster())
      await settled(`Agent ${id}`, async () => {
        const read = await given.agents.agent(id);
        if (read === undefined) return true;
        const { slots, lines = [] } = read.value;
        const sids = Object.keys(slots) as SessionId[];
        if (!sids.some(isTheirs) && !lines.some(({ sid }) => isTheirs(sid))) return true;
        const kept = Object.entries(slots).filter(([sid]) => !isTheirs(sid as SessionId));
        const without = {
          ...read.value,
          slots: Object.fromEntries(kept),
          lines: lines.filter(({ sid }) => !isTheirs(sid)),
        };
        return (await given.agents.replace(without, read.etag)) !== false;
      });
  };

  /** Until nothing is left; gives how many went. */
  const empty = async (customer: CustomerId): Promise<number> => {
    for (let count = 0, lost = 0; ;) {
      const ids = (await holdings.left(customer)).map(({ id }) => id);
      if (ids.length === 0) return count;
      if (await holdings.remove(customer, ids)) count += ids.length;
      else if ((lost += 1) > TRIES)
        throw new HandoffError('store_contended', `Customer ${customer} is written all the time`);
      else await sleep(clock, PAUSE_MS * lost);
    }
  };

  const carryOut: Eraser['carryOut'] = async (customer) => {
    const begun = (await holdings.erasure(customer))?.value;
    if (begun === undefined) throw new HandoffError('not_found', `${customer} is not being erased`);
    if (begun.erasedAt !== undefined) return begun;
    const { partitions } = begun;
    const now = clock.now();
    for (const one of partitions)
      await reindex(one, (index) => (index.erasing === undefined ? { ...index, erasing: now } : undefined));
    await endAll(partitions);

    let erasure = begun;
    for (const one of partitions) {
      const headers = await headersOf(one);
      erasure = await note(erasure, headers);
      await unlist(one, headers);
      for (const { session } of headers) {
        await holdings.bury(session.id);
        await holdings.dropReference(referenceOf(session.id));
      }
      await holdings.dropCodes(one);
      await freeAgents([one]);
      await removeHeaders(one, headers);
      const files = (await given.files?.removeAll(one)) ?? 0;
      const documents = await empty(one);
      erasure = await change(customer, (before) => ({
        ...before,
        counts: {
          sessions: before.counts.sessions + headers.length,
          documents: before.counts.documents + headers.length + documents,
          files: before.counts.files + files,
        },
      }));
    }
    for (const one of partitions)
      await reindex(one, (index) =>
        isTombstone(index) ? undefined : { customer: one, sessions: [], erasedAt: clock.now() },
      );
    // The others hear of it by the feed.
    for (const one of partitions) given.forget(one);
    const { id, by, askedAt, counts } = erasure;
    const erasedAt = clock.now();
    await holdings.noteErasure({ id, by, askedAt, erasedAt, ...counts });
    const done = await change(customer, (before) => ({ ...before, erasedAt: before.erasedAt ?? erasedAt }));
    given.log('customer.erased', { erasure: id, ...counts });
    return done;
  };

  const removeHeaders = async (customer: CustomerId, headers: readonly Header[]): Promise<void> => {
    for (const { session } of headers) await holdings.remove(customer, [headerId(session.id)]);
  };

  const lookAgain: Eraser['lookAgain'] = async ({ partitions, references }) => {
    for (const customer of partitions) {
      const live = new Set((await headersOf(customer)).map(({ session }) => session.id));
      for (const filed of await holdings.filed(customer))
        if (!live.has(filed.sid)) await (filed.isRow ? holdings.hide(filed) : holdings.unfile(filed));
      // Whoever has begun anew is there again: all that is theirs now is of the new session's time.
      if (live.size > 0) continue;
      await empty(customer);
      await given.files?.removeAll(customer);
      await freeAgents([customer]);
    }
    for (const reference of references) await holdings.dropReference(reference);
  };

  return { ask, carryOut, lookAgain };
}

const isUnfinished =
  (id: CustomerId) =>
  ({ partitions, erasedAt }: Erasure): boolean =>
    erasedAt === undefined && partitions.includes(id);

/** As `sessions` names them. */
const headerId = (sid: SessionId): string => `s:${sid}`;
const sidIn = (id: string): SessionId | undefined => readSessionId(id.replace(/^s:/u, ''));

const hadAgent = ({ session }: Header): boolean => session.agents.length > 0;

const cardsOf = ({ cards }: Header): Erasure['cards'] =>
  Object.entries(cards).map(([agent, activity]) => ({ agent: agent as AgentId, activity }));

const isSame =
  (one: Erasure['cards'][number]) =>
  (other: Erasure['cards'][number]): boolean =>
    one.agent === other.agent && one.activity === other.activity;

/** What an erasure leaves of an index, and nothing since. */
const isTombstone = ({ erasing, erasedAt, sessions, subject, aliases }: CustomerIndex): boolean =>
  erasing === undefined &&
  erasedAt !== undefined &&
  sessions.length === 0 &&
  subject === undefined &&
  aliases === undefined;
