import { afterEach, beforeEach, expect, test } from 'vitest';
import { shardOf } from '../../src/handoff/inbox.ts';
import { SHARDS, type Row } from '../../src/handoff/inbox.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import { customer, mia, NOON, row, session } from './samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const sid = session(mia);
const QUEUE = 'queue:sales';
const MINUTE = 60_000;
const put = (one: Row) => store.stores.inbox.put(QUEUE, one.sid, one.ver, one.seq, one);
const listed = async () => (await store.stores.inbox.page(QUEUE, 'queue', 50)).rows;

test('rows that arrive in any order end as the newest', async () => {
  const newest = row(sid, { ver: 2, seq: 7 });
  await put(row(sid, { ver: 2, seq: 3 }));
  await put(newest);
  await put(row(sid, { ver: 1, seq: 9 }));
  await put(row(sid, { ver: 2, seq: 7, name: 'The same again' }));
  expect(await listed()).toEqual([newest]);
});

test('a row that was written before is updated by one request', async () => {
  await put(row(sid));
  store.cosmos.counters.reset();
  await put(row(sid, { seq: 1 }));
  expect(store.cosmos.counters.billed()).toBe(1);
});

test('a session that left a list does not come back by a late row, and its tombstone goes after an hour', async () => {
  const { inbox } = store.stores;
  await put(row(sid));
  await inbox.put(QUEUE, sid, 3, 0, undefined);
  await put(row(sid, { ver: 2 }));
  expect(await listed()).toEqual([]);
  store.clock.advance(61 * MINUTE);
  await put(row(sid, { ver: 2 }));
  expect(await listed()).toHaveLength(1);
});

test('a tombstone that arrives before its row still wins', async () => {
  await store.stores.inbox.put(QUEUE, sid, 2, 0, undefined);
  await put(row(sid, { ver: 1 }));
  expect(await listed()).toEqual([]);
});

test('a session that returns to a list is listed for good, not for the hour of its tombstone', async () => {
  await store.stores.inbox.put(QUEUE, sid, 2, 0, undefined);
  await put(row(sid, { ver: 3 }));
  store.clock.advance(2 * 60 * MINUTE);
  expect(await listed()).toHaveLength(1);
});

test('a hundred and twenty in line are three pages, oldest first, one query a page', async () => {
  const { inbox } = store.stores;
  const ids = Array.from({ length: 120 }, (_, i) => session(customer(`c${i}`)));
  await Promise.all(ids.map((id, i) => put(row(id, { at: NOON + ((i * 37) % 120) }))));
  store.cosmos.counters.reset();
  const first = await inbox.page(QUEUE, 'queue', 50);
  expect(store.cosmos.counters.billed()).toBe(1);
  const second = await inbox.page(QUEUE, 'queue', 50, first.next);
  const third = await inbox.page(QUEUE, 'queue', 50, second.next);
  expect([first, second, third].map((page) => page.rows.length)).toEqual([50, 50, 20]);
  const moments = [first, second, third].flatMap((page) => page.rows.map((one) => one.at - NOON));
  expect(moments).toEqual(Array.from({ length: 120 }, (_, i) => i));
  expect(third.next).toBeUndefined();
});

test('closed sessions are listed newest first, and each list shows its own', async () => {
  const view = 'agent:tenant:anna';
  const closed = (name: string, at: number) =>
    row(session(customer(name)), { list: 'closed', status: 'closed', at });
  for (const one of [closed('a', 1), closed('b', 3), closed('c', 2)])
    await store.stores.inbox.put(view, one.sid, 1, 0, one);
  await store.stores.inbox.put(view, sid, 1, 0, row(sid, { list: 'mine', status: 'active' }));
  expect((await store.stores.inbox.page(view, 'closed', 50)).rows.map((one) => one.at)).toEqual([3, 2, 1]);
  expect((await store.stores.inbox.page(view, 'mine', 50)).rows.map((one) => one.sid)).toEqual([sid]);
});

test('a deadline takes one request to file, where none of its session is on file for that minute', async () => {
  store.cosmos.counters.reset();
  await store.stores.inbox.file({ sid, dueAt: NOON + 30_000 });
  expect(store.cosmos.counters.billed()).toBe(1);
});

test('a deadline is found once it has passed, in its shard, in this minute and the next', async () => {
  const { inbox } = store.stores;
  const due = { sid, dueAt: NOON + 30_000 };
  await inbox.file(due);
  const shard = shardOf(sid);
  expect(await inbox.due(shard, NOON + 29_999)).toEqual([]);
  expect(await inbox.due(shard, NOON + 30_000)).toEqual([due]);
  expect(await inbox.due(shard, NOON + MINUTE + 1)).toEqual([due]);
  expect(await inbox.due((shard + 1) % SHARDS, NOON + 30_000)).toEqual([]);
  await inbox.done(due);
  expect(await inbox.due(shard, NOON + MINUTE)).toEqual([]);
});

test('of two deadlines in one minute the earlier is kept, in whatever order they are filed', async () => {
  const { inbox } = store.stores;
  const other = session(customer('noah'));
  for (const dueAt of [NOON + 9, NOON + 4, NOON + 7]) await inbox.file({ sid, dueAt });
  for (const dueAt of [NOON + 4, NOON + 9]) await inbox.file({ sid: other, dueAt });
  expect((await inbox.overdue(NOON + 10)).map((due) => due.dueAt)).toEqual([NOON + 4, NOON + 4]);
});

test('a deadline that was made earlier while it fired is not lost with the one that fired', async () => {
  const { inbox } = store.stores;
  const fired = { sid, dueAt: NOON + 9 };
  await inbox.file(fired);
  await inbox.file({ sid, dueAt: NOON + 4 });
  await inbox.done(fired);
  expect(await inbox.overdue(NOON + 10)).toEqual([{ sid, dueAt: NOON + 4 }]);
  await inbox.done({ sid, dueAt: NOON + 4 });
  await inbox.done({ sid, dueAt: NOON + 4 });
  expect(await inbox.overdue(NOON + 10)).toEqual([]);
});

test('what lapsed while the house was down is overdue, of every minute and shard, and nothing else', async () => {
  const { inbox } = store.stores;
  const dues = Array.from({ length: 40 }, (_, i) => ({
    sid: session(customer(`c${i}`)),
    dueAt: NOON + i * MINUTE,
  }));
  await Promise.all(dues.map((due) => inbox.file(due)));
  const found = await inbox.overdue(NOON + 29 * MINUTE);
  expect(found.map((due) => due.dueAt).sort((a, b) => a - b)).toEqual(
    dues.slice(0, 30).map((due) => due.dueAt),
  );
  const lately = await inbox.overdue(NOON + 29 * MINUTE, NOON + 27 * MINUTE);
  expect(lately.map((due) => due.dueAt).sort((a, b) => a - b)).toEqual([
    NOON + 28 * MINUTE,
    NOON + 29 * MINUTE,
  ]);
});

test('sessions spread over the shards', () => {
  const shards = new Set(Array.from({ length: 300 }, (_, i) => shardOf(session(customer(`c${i}`)))));
  expect([...shards].sort((a, b) => a - b)).toEqual(Array.from({ length: SHARDS }, (_, i) => i));
});
