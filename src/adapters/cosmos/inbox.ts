import { shardOf, type Due, type InboxList, type Row, type View } from '../../handoff/inbox.ts';
import type { InboxStore } from '../../handoff/ports.ts';
import type { SessionId } from '../../session/ids.ts';
import type { Calls, Document } from './calls.ts';
import { readDue, readRow, VERSION, type FiledUnder } from './documents.ts';

import type { Keeping } from './keeping.ts';

/** How long a tombstone keeps a late, older row from coming back. */
const TOMBSTONE_TTL_S = 60 * 60;
const FOR_EVER = -1;
/** Create and patch can miss each other only while a document ends; more than this is no coincidence. */
const ROUNDS = 4;

/** The `inbox` container: rows of lists, and deadlines. Last writer by `ver`.`seq` wins, in any order of arrival. */
export function cosmosInbox(calls: Calls, kept: Keeping): InboxStore {
  return {
    put: (view, sid, ver, seq, row, isNew = false) => {
      const content = row === undefined ? { list: 'gone' as const, at: 0 } : { list: row.list, at: row.at };
      const ttl = row === undefined ? TOMBSTONE_TTL_S : keptFor(row, kept);
      const filed = rowDocument(view, sid, { ...content, ver, seq, row, ttl });
      return createOrPatch(
        calls,
        view,
        filed,
        `from c where c.ver < ${ver} or (c.ver = ${ver} and c.seq < ${seq})`,
        isNew ? 'create' : 'patch',
      );
    },
    page: async (view, list, limit, from) => {
      const { found, next } = await calls.select({
        query: `SELECT * FROM c WHERE c.kind = 'row' AND c.list = @list ${ORDERS[list]}`,
        parameters: { list },
        partition: view,
        limit,
        ...(from !== undefined && { from: Buffer.from(from, 'base64url').toString() }),
      });
      const rows = found.map(readRow);
      return next === undefined ? { rows } : { rows, next: Buffer.from(next).toString('base64url') };
    },
    file: (due) => {
      const view = partitionOf(due);
      const filed = { id: due.sid, view, kind: 'due', v: VERSION, dueAt: due.dueAt };
      // Mostly nothing of the session is on file for that minute yet.
      return createOrPatch(calls, view, filed, `from c where c.dueAt > ${due.dueAt}`, 'create');
    },
    due: async (shard, now) => {
      const minutes = [minuteOf(now) - 1, minuteOf(now)];
      const pages = await Promise.all(
        minutes.map((minute) => passed(calls, now, { partition: duePartition(minute, shard) })),
      );
      return pages.flat();
    },
    overdue: (now, since) => passed(calls, now, since === undefined ? {} : { since }),
    // Only the row that fired: an earlier deadline filed meanwhile stays.
    done: async (due) => {
      await calls.remove(partitionOf(due), due.sid, `from c where c.dueAt = ${due.dueAt}`);
    },
  };
}

const OLDEST_FIRST = 'ORDER BY c.list ASC, c.at ASC';
const NEWEST_FIRST = 'ORDER BY c.list DESC, c.at DESC';
const ORDERS: Readonly<Record<InboxList, string>> = {
  queue: OLDEST_FIRST,
  mine: OLDEST_FIRST,
  suspended: NEWEST_FIRST,
  closed: NEWEST_FIRST,
};

interface Filed {
  readonly list: FiledUnder;
  readonly at: number;
  readonly ver: number;
  readonly seq: number;
  readonly row: Row | undefined;
  readonly ttl: number;
}

/** A row must not outlive what it leads to. */
const keptFor = ({ endedAt }: Row, kept: Keeping): number =>
  endedAt === undefined ? FOR_EVER : kept.row(endedAt);

const rowDocument = (view: View, sid: SessionId, { list, at, ver, seq, row, ttl }: Filed): Document => ({
  id: sid,
  view,
  kind: 'row',
  v: VERSION,
  list,
  at,
  ver,
  seq,
  body: row ?? null,
  ttl,
});

/** Patches what is there while `when` holds, or creates it; `first` is what most calls come to. */
async function createOrPatch(
  calls: Calls,
  partition: string,
  filed: Document,
  when: string,
  first: 'create' | 'patch' = 'patch',
): Promise<void> {
  const set = Object.fromEntries(
    Object.entries(filed)
      .filter(([name]) => !IDENTITY.includes(name))
      .map(([name, value]) => [`/${name}`, value]),
  );
  if (first === 'create' && (await calls.create(partition, filed)) !== false) return;
  for (let round = 0; round < ROUNDS; round++) {
    const said = await calls.patch(partition, filed.id, set, { when });
    if (said.status !== 'missing' || (await calls.create(partition, filed)) !== false) return;
  }
}

/** What makes a document the one it is cannot be patched, or never changes. */
const IDENTITY: readonly string[] = ['id', 'view', 'kind'];

const minuteOf = (at: number): number => Math.floor(at / 60_000);
const duePartition = (minute: number, shard: number): string => `due:${minute}:${shard}`;
const partitionOf = (due: Due): string => duePartition(minuteOf(due.dueAt), shardOf(due.sid));

async function passed(
  calls: Calls,
  now: number,
  { partition, since }: { readonly partition?: string; readonly since?: number },
): Promise<readonly Due[]> {
  const { found } = await calls.select({
    query: `SELECT * FROM c WHERE c.kind = 'due' AND c.dueAt <= @now${since === undefined ? '' : ' AND c.dueAt > @since'}`,
    parameters: { now, ...(since !== undefined && { since }) },
    ...(partition !== undefined && { partition }),
  });
  return found.map(readDue);
}
