import type { InboxList, Me, Row, RowNews, RowsPage, SessionId } from '../wire/wire.ts';
import { isTheirs } from './acts.ts';

export const LISTS: readonly InboxList[] = ['queue', 'mine', 'suspended', 'closed'];

/** Everything the tab knows of its four lists. `next` = there is more to fetch; `loaded` = the first page is here. */
export interface Lists {
  readonly rows: ReadonlyMap<SessionId, Row>;
  /** The newest version heard of each session, also of those that left: late news never bring them back. */
  readonly heard: ReadonlyMap<SessionId, Version>;
  readonly next: Readonly<Partial<Record<InboxList, string>>>;
  readonly loaded: ReadonlySet<InboxList>;
}

export interface Version {
  readonly ver: number;
  readonly seq: number;
}

export const noLists: Lists = { rows: new Map(), heard: new Map(), next: {}, loaded: new Set() };

/** Takes in the news of one row, whichever came first; older news than what is known changes nothing. */
export function withNews(lists: Lists, change: RowNews): Lists {
  const heard = lists.heard.get(change.sid);
  if (heard !== undefined && isOlder(change, heard)) return lists;
  const rows = new Map(lists.rows);
  if (change.row === null || change.list === null) rows.delete(change.sid);
  else rows.set(change.sid, change.row);
  return { ...lists, rows, heard: new Map(lists.heard).set(change.sid, versionOf(change)) };
}

/**
 * Takes in fetched rows. With `asked` they replace the list, apart from what changed since the lists were as in `asked`;
 * without it they add to it.
 */
export function withPage(lists: Lists, list: InboxList, page: RowsPage, asked?: Lists): Lists {
  const rows = new Map(lists.rows);
  const heard = new Map(lists.heard);
  if (asked !== undefined) {
    const there = new Set(page.rows.map((row) => row.sid));
    for (const row of rowsOf(lists, list)) {
      if (!there.has(row.sid) && asked.rows.get(row.sid) === row) rows.delete(row.sid);
    }
  }
  for (const row of page.rows) {
    const known = heard.get(row.sid);
    if (known !== undefined && isOlder(row, known)) continue;
    rows.set(row.sid, row);
    heard.set(row.sid, versionOf(row));
  }
  const { [list]: _before, ...others } = lists.next;
  const next = page.next === undefined ? others : { ...others, [list]: page.next };
  return { rows, heard, next, loaded: new Set(lists.loaded).add(list) };
}

/** The rows of a list in their order: who asks you now first, the queue by place, all else newest first. */
export function rowsOf(lists: Lists, list: InboxList): readonly Row[] {
  const rows = [...lists.rows.values()].filter((row) => row.list === list);
  const direction = list === 'queue' ? 1 : -1;
  return rows.sort(
    (a, b) => urgency(b) - urgency(a) || direction * (a.at - b.at) || (a.sid < b.sid ? -1 : 1),
  );
}

/** How many a list has, as far as it was fetched: `3`, or `50+`. */
export function countOf(lists: Lists, list: InboxList): string {
  const count = [...lists.rows.values()].filter((row) => row.list === list).length;
  return lists.next[list] === undefined ? String(count) : `${count}+`;
}

/** How many places an agent has in use: what was accepted a moment ago is counted before the house has counted it. */
export const usedBy = (me: Pick<Me, 'id' | 'used'>, { rows }: Lists): number =>
  Math.max(
    me.used,
    [...rows.values()].filter((row) => row.status === 'active' && row.owner?.id === me.id).length,
  );

/**
 * The order to show, given what is shown now. While the pointer moves over the list nothing moves: what left stays, what
 * came is added below. While it rests there, or the keyboard is in the list, only what left goes.
 */
export function settled(
  shown: readonly SessionId[],
  wanted: readonly SessionId[],
  hand: 'moving' | 'inside' | 'elsewhere',
): readonly SessionId[] {
  if (hand === 'elsewhere') return wanted;
  const there = new Set(wanted);
  const stay = hand === 'moving' ? shown : shown.filter((sid) => there.has(sid));
  const known = new Set(shown);
  return [...stay, ...wanted.filter((sid) => !known.has(sid))];
}

/** Puts a row an answer brought where it belongs for this agent: another agent's session leaves the lists. */
export function rowNews(row: Row, me: { readonly id: string } | undefined): RowNews {
  const { sid, ver, seq } = row;
  const owned = row.status !== 'queued' && row.list !== 'queue';
  const theirs =
    !owned ||
    (me !== undefined && (isTheirs(row, me) || row.guests?.some(({ id }) => id === me.id) === true));
  return { sid, ver, seq, row: theirs ? row : null, list: theirs ? row.list : null };
}

const urgency = (row: Row) => (row.status === 'resuming' || row.customerBackAt !== undefined ? 1 : 0);

const isOlder = (a: Version, b: Version) => a.ver < b.ver || (a.ver === b.ver && a.seq < b.seq);

const versionOf = ({ ver, seq }: Version): Version => ({ ver, seq });
