import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Change } from '../../src/handoff/ports.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import {
  audited,
  conversation,
  customer,
  header,
  message,
  mia,
  NOON,
  opening,
  said,
  session,
} from './samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const sid = session(mia);

async function committed(change: Change): Promise<string> {
  const done = await store.stores.sessions.commit(change);
  if (done.outcome !== 'committed') throw new Error(`Expected the step to be committed, not ${done.outcome}`);
  return done.etag;
}

test('a session that was opened is found by its id, its customer and its audit', async () => {
  const { sessions } = store.stores;
  expect(await sessions.header(sid)).toBeUndefined();
  const etag = await committed(opening(sid));
  expect(await sessions.header(sid)).toEqual({ value: header(sid), etag });
  expect((await sessions.index(mia))?.value).toEqual({ customer: mia, sessions: [] });
  expect(await sessions.audit(sid)).toEqual([audited(sid, 1)]);
});

test('when its customer was asked is noted once for each conversation, beside the audit', async () => {
  const { sessions } = store.stores;
  const etag = await committed(opening(sid));
  await sessions.noteAsked(sid, conversation('one'), NOON);
  await sessions.noteAsked(sid, conversation('one'), NOON + 5);
  await sessions.noteAsked(sid, conversation('two'), NOON + 9);
  expect([...(await sessions.asked(sid))].sort()).toEqual([NOON, NOON + 9]);
  expect(await sessions.asked(session(customer('noah')))).toEqual([]);
  expect((await sessions.header(sid))?.etag).toBe(etag);
  expect(await sessions.audit(sid)).toHaveLength(1);
});

test('a session is opened once, whoever else tries', async () => {
  await committed(opening(sid));
  expect(await store.stores.sessions.commit(opening(sid))).toEqual({ outcome: 'conflict' });
});

test('the etags of a step are those of the next', async () => {
  const opened = await store.stores.sessions.commit(opening(sid));
  if (opened.outcome !== 'committed') throw new Error('not opened');
  const value = { customer: mia, sessions: [] };
  const next = { ...message(sid, opened.etag, 1), index: { over: opened.indexEtag, value } };
  const done = await store.stores.sessions.commit(next);
  expect(done.outcome).toBe('committed');
  expect(
    await store.stores.sessions.commit({
      ...next,
      dedupe: [],
      over: done.outcome === 'committed' ? done.etag : '',
    }),
  ).toEqual({
    outcome: 'conflict',
  });
});

test('an index written alone is made once, and changed only over what was read', async () => {
  const { sessions } = store.stores;
  const value = { customer: mia, sessions: [] };
  const etag = await sessions.saveIndex(value, undefined);
  expect(await sessions.index(mia)).toEqual({ value, etag });
  expect(await sessions.saveIndex(value, undefined)).toBe(false);
  expect(await sessions.saveIndex(value, etag || '')).not.toBe(false);
  expect(await sessions.saveIndex(value, etag || '')).toBe(false);
});

test('a step over a session that does not exist is a conflict, and makes none', async () => {
  expect(await store.stores.sessions.commit(message(sid, '"0"', 1))).toEqual({ outcome: 'conflict' });
  expect(await store.stores.sessions.header(sid)).toBeUndefined();
});

test('a relayed message is exactly one request', async () => {
  const etag = await committed(opening(sid));
  store.cosmos.counters.reset();
  await committed(message(sid, etag, 1));
  expect(store.cosmos.counters.all().map(({ operation, requests }) => [operation, requests])).toEqual([
    ['batch', 1],
  ]);
});

test('a beat is one request and leaves the header alone', async () => {
  const etag = await committed(opening(sid));
  store.cosmos.counters.reset();
  const presence = { conversation: conversation('a|b/c#d'), beatAt: NOON, phone: true };
  await store.stores.sessions.beat(mia, presence);
  expect(store.cosmos.counters.all().map(({ operation, requests }) => [operation, requests])).toEqual([
    ['upsert', 1],
  ]);
  expect(await store.stores.sessions.presence(mia, presence.conversation)).toEqual(presence);
  expect(await store.stores.sessions.presence(mia, conversation('other'))).toBeUndefined();
  expect((await store.stores.sessions.header(sid))?.etag).toBe(etag);
});

test('a message that comes twice is a duplicate, even over a stale header, and leaves nothing', async () => {
  const opened = await committed(opening(sid));
  const etag = await committed(message(sid, opened, 1, 'resent'));
  const { sessions } = store.stores;
  expect(await sessions.commit({ ...message(sid, etag, 2, 'resent'), audit: audited(sid, 2) })).toEqual({
    outcome: 'duplicate',
  });
  expect(await sessions.commit(message(sid, opened, 2, 'resent'))).toEqual({ outcome: 'duplicate' });
  expect(await sessions.entries(sid, {})).toEqual([said(sid, 1)]);
  expect(await sessions.audit(sid)).toHaveLength(1);
  expect((await sessions.header(sid))?.etag).toBe(etag);
});

test('one of several keys known already is enough to be a duplicate, and the same key twice in a step is not', async () => {
  const opened = await committed(opening(sid));
  const etag = await committed({ ...message(sid, opened, 1), dedupe: ['a', 'a'] });
  expect(await store.stores.sessions.commit({ ...message(sid, etag, 2), dedupe: ['b', 'a'] })).toEqual({
    outcome: 'duplicate',
  });
  await committed({ ...message(sid, etag, 2), dedupe: ['b'] });
});

test('a key is forgotten after two days', async () => {
  const opened = await committed(opening(sid));
  const etag = await committed(message(sid, opened, 1, 'old'));
  store.clock.advance(49 * 60 * 60 * 1000);
  await committed(message(sid, etag, 2, 'old'));
});

test('an audit record or an entry that is there already makes a conflict', async () => {
  const etag = await committed({ ...opening(sid), entries: [said(sid, 1)] });
  const { sessions } = store.stores;
  expect(await sessions.commit({ ...message(sid, etag, 2), audit: audited(sid, 1) })).toEqual({
    outcome: 'conflict',
  });
  expect(await sessions.commit(message(sid, etag, 1))).toEqual({ outcome: 'conflict' });
});

test('of fifty who write the same version at once, from two instances, exactly one wins each version', async () => {
  const other = await store.another();
  await committed(opening(sid));
  const winners = new Map<number, number>();
  const writer = async (i: number) => {
    const { sessions } = i % 2 === 0 ? store.stores : other;
    for (;;) {
      const read = await sessions.header(sid);
      if (read === undefined) throw new Error('The session is gone');
      const seq = read.value.seq + 1;
      const done = await sessions.commit(message(sid, read.etag, seq, `of ${i}`));
      if (done.outcome === 'conflict') continue;
      winners.set(seq, (winners.get(seq) ?? 0) + 1);
      return;
    }
  };
  await Promise.all(Array.from({ length: 50 }, (_, i) => writer(i)));
  expect([...winners.entries()].sort(([a], [b]) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, i) => [i + 1, 1]),
  );
  expect((await other.sessions.entries(sid, {})).map((entry) => entry.seq)).toEqual(
    [...winners.keys()].sort((a, b) => a - b),
  );
});

test('marks are patched under the etag only', async () => {
  const opened = await committed(opening(sid));
  const { sessions } = store.stores;
  const cards = { ...header(sid).cards, 'tenant:anna': 'activity-9' };
  const etag = await sessions.mark(sid, opened, { delivered: 4, cardVer: 2, cards });
  expect(await sessions.header(sid)).toEqual({
    value: { ...header(sid), delivered: 4, cardVer: 2, cards },
    etag,
  });
  expect(await sessions.mark(sid, opened, { delivered: 9 })).toBe(false);
  expect(await sessions.mark(session(mia, 'nothing'), opened, { delivered: 9 })).toBe(false);
});

test('a transcript is read in order, by range or from its end, and never another session’s', async () => {
  const other = session(mia, 'second');
  const lines = (of: typeof sid, n: number) => Array.from({ length: n }, (_, i) => said(of, i + 1));
  await committed({ ...opening(sid), entries: lines(sid, 12) });
  await committed({ over: undefined, header: header(other), entries: lines(other, 3), dedupe: [] });
  const seqs = async (page: Parameters<typeof store.stores.sessions.entries>[1]) =>
    (await store.stores.sessions.entries(sid, page)).map((entry) => (entry.sid === sid ? entry.seq : -1));
  expect(await seqs({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(await seqs({ after: 9 })).toEqual([10, 11, 12]);
  expect(await seqs({ after: 2, upTo: 4 })).toEqual([3, 4]);
  expect(await seqs({ last: 3 })).toEqual([10, 11, 12]);
  store.cosmos.counters.reset();
  expect(await seqs({ upTo: 11, last: 2 })).toEqual([10, 11]);
  expect(store.cosmos.counters.billed()).toBe(1);
});

test('a transcript longer than a page of the store is whole', async () => {
  let etag = await committed(opening(sid));
  for (let from = 0; from < 1050; from += 70) {
    const entries = Array.from({ length: 70 }, (_, i) => said(sid, from + i + 1));
    etag = await committed({ over: etag, header: header(sid, { seq: from + 70 }), entries, dedupe: [] });
  }
  const read = await store.stores.sessions.entries(sid, {});
  expect(read.map((entry) => entry.seq)).toEqual(Array.from({ length: 1050 }, (_, i) => i + 1));
});

test('a device is known in its customer’s partition only, however often it is added', async () => {
  const { sessions } = store.stores;
  await sessions.addDevice(mia, 'hash');
  await sessions.addDevice(mia, 'hash');
  expect(await sessions.hasDevice(mia, 'hash')).toBe(true);
  expect(await sessions.hasDevice(customer('noah'), 'hash')).toBe(false);
});

test('a step too large for one batch is refused before it is sent', async () => {
  const etag = await committed(opening(sid));
  store.cosmos.counters.reset();
  const many = { ...message(sid, etag, 1), entries: Array.from({ length: 99 }, (_, i) => said(sid, i + 1)) };
  const large = { ...message(sid, etag, 1), entries: [said(sid, 1, 'x'.repeat(2 * 1024 * 1024))] };
  for (const change of [many, large])
    await expect(store.stores.sessions.commit(change)).rejects.toMatchObject({ code: 'bad_input' });
  expect(store.cosmos.counters.billed()).toBe(0);
});
