import type { SessionId } from '../session/ids.ts';
import { recentlyUsed } from './cache.ts';
import type { Header } from './header.ts';
import type { Row } from './inbox.ts';
import type { Bulletin } from './news.ts';
import type { InboxStore } from './ports.ts';

const SESSIONS = 20_000;

type Words = Pick<Row, 'ver' | 'seq' | 'fromCustomer' | 'lastLine'>;

/**
 * The lists as they stand now: a row is written at once when something is decided, but words alone wait a while for more
 * of them. Until then each instance shows those it has heard of by the feed.
 */
export function withRecentWords(
  inbox: InboxStore,
  news: Pick<Bulletin, 'listen'>,
  now: () => number,
): InboxStore {
  const recent = recentlyUsed<SessionId, Words>(SESSIONS, now);
  news.listen(({ header, gone = [] }) => {
    for (const sid of gone) recent.drop(sid);
    if (header === undefined) return;
    const { id } = header.session;
    const known = recent.get(id);
    const words = wordsOf(header);
    if (known === undefined || isNewer(words, known)) recent.set(id, words);
  });
  const shown = (row: Row): Row => {
    const words = recent.get(row.sid);
    return words?.ver === row.ver && words.seq > row.seq ? { ...row, ...words } : row;
  };
  return {
    ...inbox,
    page: async (...of) => {
      const { rows, ...more } = await inbox.page(...of);
      return { ...more, rows: rows.map(shown) };
    },
  };
}

const wordsOf = ({ session: { ver }, seq, fromCustomer, lastLine }: Header): Words => ({
  ver,
  seq,
  ...(fromCustomer !== undefined && { fromCustomer }),
  ...(lastLine !== undefined && { lastLine }),
});

const isNewer = (one: Words, other: Words): boolean =>
  one.ver > other.ver || (one.ver === other.ver && one.seq > other.seq);
