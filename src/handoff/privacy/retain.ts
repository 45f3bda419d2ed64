import type { Clock } from '../../clock.ts';
import { customerOf, type CustomerId, type SessionId } from '../../session/ids.ts';
import type { Retention } from '../../session/retention.ts';
import { endOf } from '../../session/whose.ts';
import type { Header } from '../header.ts';
import type { FileStore, Log, SessionStore, Stored } from '../ports.ts';
import type { HoldingsStore } from './holdings.ts';

/** Gives what a session that is over leaves its end, by class; a live or suspended one never loses a line. */
export interface Retaining {
  /** When there is something to do for it; `undefined`: nothing any more, or nothing yet. */
  readonly dueAt: (header: Header) => number | undefined;
  /** Does what is due, and gives the header as it stands then. Twice is fine. */
  readonly pass: (header: Header) => Promise<Header>;
  /** A session whose files were due is gone itself, since nobody was there to look: they go too. */
  readonly gone: (sid: SessionId) => Promise<void>;
}

const PAGE = 500;

/**
 * Makes it. The store's TTL removes documents by itself; set on them only now, for it would count from when each was
 * written. Bytes of files have none: they are removed a day before what names them is collected.
 */
export function retaining(given: {
  readonly store: SessionStore;
  readonly holdings: Pick<HoldingsStore, 'held'>;
  readonly files: FileStore | undefined;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly log: Log;
}): Retaining {
  const { store, files, clock } = given;

  const mark = async (
    { value, etag }: Stored<Header>,
    retained: NonNullable<Header['retained']>,
  ): Promise<Header> => {
    // Somebody wrote meanwhile: it is due still, and looked at again.
    const done = await store.mark(value.session.id, etag, { retained });
    return done === false ? value : { ...value, retained };
  };

  const filesIn = async (header: Header): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let after = 0; after < header.seq; after += PAGE)
      for (const { what } of await store.entries(header.session.id, { after, upTo: after + PAGE }))
        if (what.kind === 'message') ids.push(...(what.files ?? []).map(({ id }) => id));
    return ids;
  };
  /** Asked first, since most chats have none and reading them whole would tell no more. */
  const hasFiles = async (header: Header): Promise<boolean> =>
    ((await files?.list(header.session.customer)) ?? []).length > 0 && (await filesIn(header)).length > 0;

  const holdsNothing = async (customer: CustomerId): Promise<boolean> =>
    (await given.holdings.held(customer, { kind: 'header' })).held.length === 0;

  return {
    dueAt: ({ session, retained }) => {
      const endedAt = endOf(session);
      if (endedAt === undefined) return undefined;
      return retained === undefined ? Math.max(endedAt, clock.now() + 1) : retained.files;
    },
    pass: async (known) => {
      if (endOf(known.session) === undefined) return known;
      const read = await store.header(known.session.id);
      const endedAt = read && endOf(read.value.session);
      if (read === undefined || endedAt === undefined) return known;
      const { session, retained } = read.value;
      const now = clock.now();
      if (retained === undefined) {
        await store.retain(session.id, endedAt);
        const until = endedAt + given.retention.filesMs;
        return mark(read, { at: now, ...((await hasFiles(read.value)) && { files: until }) });
      }
      if (retained.files === undefined || now < retained.files) return read.value;
      const ids = await filesIn(read.value);
      for (const id of ids) await files?.remove(session.customer, id);
      given.log('files.lapsed', { session: session.id, count: ids.length });
      return mark(read, { at: retained.at });
    },
    gone: async (sid) => {
      const customer = customerOf(sid);
      if (files !== undefined && (await holdsNothing(customer))) await files.removeAll(customer);
    },
  };
}
