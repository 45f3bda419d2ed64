import { expect, test } from 'vitest';
import {
  countOf,
  noLists,
  rowNews,
  rowsOf,
  settled,
  usedBy,
  withNews,
  withPage,
} from '../../../src/pages/inbox/state/lists.ts';
import type { Row } from '../../../src/handoff/inbox.ts';
import { JONAS, MARA } from './fake-house.ts';
import { aQueuedRow, aRow, sidOf } from './rows.ts';

const news = (row: Row) => ({ sid: row.sid, ver: row.ver, seq: row.seq, row, list: row.list });
const page = (rows: readonly Row[], next?: string) => ({
  rows,
  now: 0,
  ...(next === undefined ? {} : { next }),
});
const names = (rows: readonly Row[]) => rows.map((row) => row.name);

test('whoever waits longest stands first in the queue, whenever the news of them came', () => {
  const late = withNews(noLists, news(aQueuedRow('Late', 200)));
  const both = withNews(late, news(aQueuedRow('Early', 100)));
  expect(names(rowsOf(both, 'queue'))).toEqual(['Early', 'Late']);
});

test('a chat that is offered stands above the chats accepted later', () => {
  const accepted = withNews(noLists, news(aRow('Accepted', { at: 300 })));
  const lists = withNews(accepted, news(aRow('Offered', { at: 100, status: 'resuming' })));
  expect(names(rowsOf(lists, 'mine'))).toEqual(['Offered', 'Accepted']);
});

test('news that come late change nothing', () => {
  const now = withNews(noLists, news(aRow('Lea', { ver: 3, seq: 9 })));
  expect(withNews(now, news(aRow('Lea', { ver: 3, seq: 8 })))).toBe(now);
  expect(withNews(now, news(aRow('Lea', { ver: 2, seq: 12 })))).toBe(now);
});

test('a row that left is not brought back by a page read before it left', () => {
  const lea = aQueuedRow('Lea', 100);
  const there = withNews(noLists, news(lea));
  const gone = withNews(there, { sid: lea.sid, ver: 2, seq: 0, row: null, list: null });
  expect(rowsOf(withPage(gone, 'queue', page([lea]), there), 'queue')).toEqual([]);
});

test('a row that came while the page was on its way stays', () => {
  const asked = noLists;
  const arrived = withNews(asked, news(aQueuedRow('Lea', 100)));
  expect(names(rowsOf(withPage(arrived, 'queue', page([]), asked), 'queue'))).toEqual(['Lea']);
});

test('a first look that comes before the list was written takes no row away', () => {
  const told = withNews(noLists, news(aQueuedRow('Lea', 100)));
  expect(names(rowsOf(withPage(told, 'queue', page([])), 'queue'))).toEqual(['Lea']);
});

test('a row missing from a fetched list is gone, as its leaving was missed', () => {
  const asked = withNews(noLists, news(aQueuedRow('Lea', 100)));
  expect(rowsOf(withPage(asked, 'queue', page([]), asked), 'queue')).toEqual([]);
});

test('a list that is not wholly fetched counts with a plus', () => {
  const rows = [aQueuedRow('Lea', 1), aQueuedRow('Tom', 2)];
  const first = withPage(noLists, 'queue', page(rows, 'p2'), noLists);
  expect(countOf(first, 'queue')).toBe('2+');
  const all = withPage(first, 'queue', page([aQueuedRow('Ines', 3)]));
  expect(countOf(all, 'queue')).toBe('3');
});

test('a session another agent has taken leaves every list of this one', () => {
  const taken = aRow('Lea', { owner: JONAS, previous: JONAS });
  expect(rowNews(taken, MARA)).toMatchObject({ row: null, list: null });
  expect(rowNews(aRow('Lea'), MARA)).toMatchObject({ list: 'mine' });
});

test('nothing moves under a moving pointer, and what came is added below', () => {
  const [a, b, c] = [sidOf('a'), sidOf('b'), sidOf('c')];
  expect(settled([a, b], [c, b], 'moving')).toEqual([a, b, c]);
  expect(settled([a, b], [c, b], 'inside')).toEqual([b, c]);
  expect(settled([a, b], [c, b], 'elsewhere')).toEqual([c, b]);
});

test('row 35: what an agent accepted a moment ago is counted before the house has counted it', () => {
  const lists = [aRow('Lea Moreau'), aRow('Tomasz Kowal', { owner: JONAS })].reduce(
    (all, row) => withNews(all, news(row)),
    noLists,
  );
  expect(usedBy({ id: MARA.id, used: 0 }, lists)).toBe(1);
  expect(usedBy({ id: MARA.id, used: 3 }, lists)).toBe(3);
});
