import type { PageClock } from '../../clock.ts';
import type { Api } from '../wire/api.ts';
import type { News, RosterAgent, Row, SessionId } from '../wire/wire.ts';
import { handOver, type HandOver } from './hand-over.ts';
import { sentenceOf } from './sentences.ts';
import type { Store } from './state.ts';
import type { Talk } from './talk.ts';

/** Everything of one work stream and day, and the roster: a supervisor's list. */
export interface All {
  readonly stream: string;
  readonly streams: readonly string[];
  /** By UTC, of the opening. */
  readonly day: string;
  readonly rows: ReadonlyMap<SessionId, Row>;
  readonly next?: string;
  readonly agents: readonly RosterAgent[];
}

/** The list *All*, for supervisors. */
export interface Supervising {
  /** Shows it: today's of the first stream, unless told otherwise. */
  readonly show: (stream?: string, day?: string) => Promise<void>;
  readonly more: () => Promise<void>;
  readonly open: (row: Row) => Promise<void>;
  /** Says how many chats the agent is offered at a time; what cannot be is told. */
  readonly setCapacity: (agent: RosterAgent, capacity: number) => Promise<void>;
  readonly handOver: HandOver;
  /** Hears of every session that changes, until the function given back is called. */
  readonly watch: (heard: (row: Row) => void) => () => void;
  /** Takes in the news, while it is shown. */
  readonly heard: (news: News) => void;
}

/** The roster is asked for again so often, while it is shown: who went away must not look as if they were there. */
const ROSTER_MS = 5_000;
/** An agent who leaves a customer unanswered for so long owes an answer. */
const OWES_MS = 5 * 60_000;

/** Since when the customer of a running chat waits for an answer, if that is for long, or for a promise to be kept. */
export function owesSince(row: Row, now: number): number | undefined {
  const { lastLine, status } = row;
  if (status === 'suspended') return row.overdueAt;
  const waits = status === 'active' && lastLine?.by === 'customer';
  return waits && now - lastLine.at >= OWES_MS ? lastLine.at : undefined;
}

/** Its rows: who owes an answer first, longest first; then what waits, runs, is set aside, is over. */
export function allRows({ rows }: All, now: number): readonly Row[] {
  return [...rows.values()].sort(
    (a, b) =>
      (owesSince(a, now) ?? Infinity) - (owesSince(b, now) ?? Infinity) ||
      ORDER.indexOf(a.list) - ORDER.indexOf(b.list) ||
      (a.list === 'queue' ? a.at - b.at : b.at - a.at),
  );
}
const ORDER: readonly Row['list'][] = ['queue', 'mine', 'suspended', 'closed'];

/** Makes it. */
export function supervising(api: Api, store: Store, clock: PageClock, talk: Talk): Supervising {
  let stopRoster = (): void => undefined;
  const watching = new Set<(row: Row) => void>();
  const fail = (error: unknown) => store.change({ saying: { tone: 'problem', text: sentenceOf(error) } });
  const put = (part: Partial<All>) => {
    const { all } = store.get();
    if (all !== undefined) store.change({ all: { ...all, ...part } });
  };
  const roster = async () => {
    stopRoster();
    const { agents } = await api.roster();
    put({ agents });
  };
  const keepRoster = () => {
    stopRoster();
    stopRoster = clock.after(ROSTER_MS, () => {
      const { all, link } = store.get();
      if (all === undefined) return;
      const isSeen = link.is === 'live' && !document.hidden;
      (isSeen ? roster() : Promise.resolve()).catch(() => {}).finally(keepRoster);
    });
  };
  const withRows = (before: All['rows'], more: readonly Row[]): All['rows'] => {
    const rows = new Map(before);
    for (const row of more) {
      const known = rows.get(row.sid);
      const isOlder = known !== undefined && (known.ver - row.ver || known.seq - row.seq) > 0;
      if (!isOlder) rows.set(row.sid, row);
    }
    return rows;
  };
  return {
    show: async (stream, day) => {
      try {
        const { rows, ...about } = await api.all({ stream, day });
        const { all } = store.get();
        const isSame = all?.stream === about.stream && all.day === about.day;
        const known = isSame ? all.rows : new Map();
        store.change({ all: { ...about, rows: withRows(known, rows), agents: all?.agents ?? [] } });
        await roster();
      } catch (error) {
        fail(error);
      } finally {
        keepRoster();
      }
    },
    more: async () => {
      const { all } = store.get();
      if (all?.next === undefined) return;
      const { stream, day, next: from } = all;
      const { next: _, ...rest } = all;
      // Asked once: the next page brings the next mark.
      store.change({ all: rest });
      try {
        const page = await api.all({ stream, day, from });
        const now = store.get().all;
        if (now?.stream !== stream || now.day !== day) return;
        put({ rows: withRows(now.rows, page.rows), ...(page.next !== undefined && { next: page.next }) });
      } catch (error) {
        put({ next: from });
        fail(error);
      }
    },
    open: talk.openFound,
    handOver: handOver(api),
    watch: (heard) => {
      watching.add(heard);
      return () => watching.delete(heard);
    },
    setCapacity: async ({ id }, capacity) => {
      try {
        const after = await api.setCapacity(id, capacity);
        const agents = store.get().all?.agents ?? [];
        put({ agents: agents.map((one) => (one.id === id ? after : one)) });
      } catch (error) {
        fail(error);
      }
    },
    heard: (news) => {
      const { all, open } = store.get();
      if (news.type === 'all') {
        const { sid, ver, seq, list } = news.row;
        for (const heard of watching) heard(news.row);
        if (open?.sid === sid && open.found === true) talk.rowChanged({ sid, ver, seq, row: news.row, list });
        if (all !== undefined && news.view === `all:${all.stream}:${all.day}`)
          put({ rows: withRows(all.rows, [news.row]) });
      }
    },
  };
}
