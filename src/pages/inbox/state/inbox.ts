import type { PageClock } from '../../clock.ts';
import { Refused, type Api } from '../wire/api.ts';
import type { InboxList, News, PresenceWord, Row, RowNews, RowsPage } from '../wire/wire.ts';
import { LISTS, rowNews, rowsOf, withNews, withPage, type Lists } from './lists.ts';
import { stepFor, type Left } from './leaving.ts';
import type { Store } from './state.ts';
import { sentenceOf } from './sentences.ts';
import type { Talk } from './talk.ts';

/** The lists, the agent's own presence, and the news that keep them true. */
export interface Inbox {
  /** Fetches everything that is shown; at the start, and after a gap in the news. */
  readonly refetch: () => Promise<void>;
  readonly news: (news: News) => void;
  readonly choose: (list: InboxList) => void;
  readonly more: () => Promise<void>;
  /** What this agent has in hand; nothing when the house does not answer. */
  readonly inHand: () => Promise<readonly Row[]>;
  /** Keeps, hands over or releases what an agent leaves behind; what cannot be is told. */
  readonly leave: (left: readonly Left[], backAt?: number) => Promise<void>;
  readonly setPresence: (status: PresenceWord, backAt?: number) => Promise<void>;
}

const LISTS_LAG_MS = 1_500;

export function inbox(api: Api, store: Store, clock: PageClock, talk: Talk): Inbox {
  const fetchingMore = new Set<InboxList>();
  const fetchList = async (list: InboxList, asked: Lists | undefined) => {
    const page = await upTo(api, list, rowsOf(store.get().lists, list).length);
    store.change({ lists: withPage(store.get().lists, list, page, asked) });
  };
  /** Rows that are asked for lag by a moment; what the tab was told since stands. */
  const newest = (row: Row): Row => {
    const { lists, open } = store.get();
    const told = [lists.rows.get(row.sid), open?.row?.sid === row.sid ? open.row : undefined];
    return told.reduce<Row>((best, one) => (one !== undefined && one.ver > best.ver ? one : best), row);
  };
  const fail = (error: unknown) => store.change({ saying: { tone: 'problem', text: sentenceOf(error) } });
  return {
    refetch: async () => {
      const asked = store.get().lists;
      const fetchLists = (known?: Lists) => Promise.all(LISTS.map((list) => fetchList(list, known)));
      // The lists are written a moment after the news are told, so the first look may miss what the news, just before
      // they were listened to, did not tell either. Only the second may conclude that a row has left.
      clock.after(LISTS_LAG_MS, () => {
        fetchLists(asked).catch(fail);
      });
      try {
        const [me] = await Promise.all([api.me(), fetchLists(), talk.refetch()]);
        store.change({ me });
        const { saying } = store.get();
        if (saying?.tone === 'problem') store.change({ saying: undefined });
      } catch (error) {
        fail(error);
      }
    },
    news: (news) => {
      switch (news.type) {
        case 'row':
          takeRow(store, talk, news.change);
          talk.marked(news.change.sid, news.change.marks);
          return;
        case 'line':
          talk.heard(news.line);
          return;
        case 'typing':
          talk.typing.theirs(news.sid, news.at);
          return;
        case 'me':
          clock.set(news.me.now);
          store.change({ me: news.me });
          talk.looked();
          return;
        case 'now':
          clock.set(news.now);
          store.change({});
          return;
        case 'all':
        case 'hello':
          return;
      }
    },
    choose: (list) => store.change({ list, all: undefined }),
    more: async () => {
      const { list, lists } = store.get();
      const from = lists.next[list];
      if (from === undefined || fetchingMore.has(list)) return;
      fetchingMore.add(list);
      try {
        const page = await api.list(list, from);
        store.change({ lists: withPage(store.get().lists, list, page) });
      } catch (error) {
        fail(error);
      } finally {
        fetchingMore.delete(list);
      }
    },
    inHand: async () => {
      const { me } = store.get();
      return me === undefined ? [] : (await api.inHand(me.id).catch(() => ({ rows: [] }))).rows.map(newest);
    },
    leave: async (left, backAt) => {
      const stayed: string[] = [];
      for (const { row: read, fate } of left) {
        const row = newest(read);
        const step = stepFor({ row, fate }, clock.now(), backAt);
        if (step === undefined) continue;
        await api
          .act(row.sid, { id: crypto.randomUUID(), epoch: row.epoch, ...step })
          .then((answer) => takeRow(store, talk, rowNews(answer.row, store.get().me)))
          .catch((error: unknown) => stayed.push(`${row.name}: ${sentenceOf(error)}`));
      }
      if (stayed.length > 0) store.change({ saying: { tone: 'problem', text: stayed.join(' ') } });
    },
    setPresence: async (status, backAt) => {
      try {
        store.change({ me: await api.setPresence(status, backAt) });
        talk.looked();
      } catch (error) {
        if (error instanceof Refused) fail(error);
        else
          store.change({
            saying: {
              tone: 'problem',
              text: 'Your presence is unchanged: there is no connection. Try again.',
            },
          });
      }
    },
  };
}

/** Rows fetched again at once; what lies deeper comes back by scrolling. */
const MOST_AGAIN = 500;

// As much of the list as is shown: whoever scrolled down stays where they are.
async function upTo(api: Api, list: InboxList, count: number): Promise<RowsPage> {
  let page = await api.list(list);
  while (page.next !== undefined && page.rows.length < Math.min(count, MOST_AGAIN)) {
    const more = await api.list(list, page.next);
    page = { ...more, rows: [...page.rows, ...more.rows] };
  }
  return page;
}

function takeRow(store: Store, talk: Talk, change: RowNews): void {
  const { lists } = store.get();
  const after = withNews(lists, change);
  if (after === lists) return;
  store.change({ lists: after });
  talk.rowChanged(change);
}
