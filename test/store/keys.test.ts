import { CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { Beside, Change, KeyRecord } from '../../src/handoff/ports.ts';
import type { Fault } from '../../src/local/cosmos/faults.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import { audited, customer, header, message, mia, NOON, opening, said, session } from './samples.ts';

let store: EmbeddedStore;
let etag: string;
beforeEach(async () => {
  store = await embeddedStore();
  etag = await committed(opening(sid));
});
afterEach(() => store.close());

const sid = session(mia);
const noah = customer('noah');
const link: KeyRecord = { sid, kind: 'link', family: 0, madeAt: NOON };

const used = (by: string): KeyRecord => ({
  ...link,
  used: { at: NOON + 1, attempt: by, sealed: `for ${by}` },
});
const using = (over: string, by = 'mia'): Beside => ({ kind: 'key', hash: 'hash', over, value: used(by) });

/** A return with a key: the step that uses it. */
const returning = (over: string, beside: readonly Beside[], ver = 2): Change => ({
  over,
  header: header(sid, { seq: ver }),
  entries: [said(sid, ver)],
  dedupe: [],
  audit: audited(sid, ver),
  beside,
});

async function committed(change: Change): Promise<string> {
  const done = await store.stores.sessions.commit(change);
  if (done.outcome !== 'committed') throw new Error(`Expected the step to be committed, not ${done.outcome}`);
  return done.etag;
}

async function givenKey(hash = 'hash', value = link): Promise<string> {
  await store.stores.sessions.addKeys(mia, [{ hash, value }]);
  return (await store.stores.sessions.key(mia, hash))?.etag ?? '';
}

test('a key is found by its hash, in its customer’s partition only', async () => {
  const { sessions } = store.stores;
  const code: KeyRecord = { ...link, kind: 'code', until: NOON + 600_000 };
  await sessions.addKeys(mia, [
    { hash: 'one', value: link },
    { hash: 'two', value: code },
  ]);
  expect((await sessions.key(mia, 'one'))?.value).toEqual(link);
  expect((await sessions.key(mia, 'two'))?.value).toEqual(code);
  expect(await sessions.key(noah, 'one')).toBeUndefined();
  expect(await sessions.key(mia, 'three')).toBeUndefined();
});

test('keys are made together or not at all, and none is made twice', async () => {
  const { sessions } = store.stores;
  await givenKey('one', used('mia'));
  const again = sessions.addKeys(mia, [
    { hash: 'two', value: link },
    { hash: 'one', value: link },
  ]);
  await expect(again).rejects.toThrow('there already');
  expect(await sessions.key(mia, 'two')).toBeUndefined();
  expect((await sessions.key(mia, 'one'))?.value).toEqual(used('mia'));
});

test('two keys are made with one request', async () => {
  store.cosmos.counters.reset();
  await store.stores.sessions.addKeys(mia, [
    { hash: 'one', value: link },
    { hash: 'two', value: link },
  ]);
  expect(store.cosmos.counters.billed()).toBe(1);
});

test('a return uses its key, makes the next one and admits the browser in the one request of its step', async () => {
  const over = await givenKey();
  store.cosmos.counters.reset();
  await committed(
    returning(etag, [
      using(over),
      { kind: 'key', hash: 'next', over: undefined, value: link },
      { kind: 'device', hash: 'phone' },
    ]),
  );
  expect(store.cosmos.counters.all().map(({ operation, requests }) => [operation, requests])).toEqual([
    ['batch', 1],
  ]);
  const { sessions } = store.stores;
  expect((await sessions.key(mia, 'hash'))?.value).toEqual(used('mia'));
  expect((await sessions.key(mia, 'next'))?.value).toEqual(link);
  expect(await sessions.hasDevice(mia, 'phone')).toBe(true);
  expect((await sessions.header(sid))?.value.seq).toBe(2);
});

test('of twenty who use one key at once, from two instances, one is in and the others are told it is spent', async () => {
  const over = await givenKey();
  const other = await store.another();
  const clicks = Array.from({ length: 20 }, (_, i) =>
    (i % 2 === 0 ? store.stores : other).sessions.commit(returning(etag, [using(over, `click ${i}`)])),
  );
  const outcomes = (await Promise.all(clicks)).map((done) => done.outcome);
  expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'spent')).toHaveLength(19);
  const winner = outcomes.indexOf('committed');
  expect((await other.sessions.key(mia, 'hash'))?.value).toEqual(used(`click ${winner}`));
  expect(await other.sessions.entries(sid, {})).toHaveLength(1);
});

test('a spent key leaves nothing of its step behind', async () => {
  const over = await givenKey();
  const moved = await committed(returning(etag, [using(over)]));
  const { sessions } = store.stores;
  const late = returning(moved, [{ kind: 'device', hash: 'thief' }, using(over, 'thief')], 3);
  expect(await sessions.commit(late)).toEqual({ outcome: 'spent' });
  expect(await sessions.hasDevice(mia, 'thief')).toBe(false);
  expect((await sessions.key(mia, 'hash'))?.value).toEqual(used('mia'));
  expect((await sessions.header(sid))?.etag).toBe(moved);
});

test('a key made by somebody else, or gone, is spent too', async () => {
  await givenKey('taken');
  const { sessions } = store.stores;
  const taken: Beside = { kind: 'key', hash: 'taken', over: undefined, value: link };
  expect(await sessions.commit(returning(etag, [taken]))).toEqual({ outcome: 'spent' });
  expect(await sessions.commit(returning(etag, [using('"0"')]))).toEqual({ outcome: 'spent' });
  expect(await sessions.key(mia, 'hash')).toBeUndefined();
});

test('a good key over a session that somebody moved is a conflict, and stays good', async () => {
  const over = await givenKey();
  const moved = await committed(message(sid, etag, 1));
  expect(await store.stores.sessions.commit(returning(etag, [using(over)]))).toEqual({ outcome: 'conflict' });
  expect((await store.stores.sessions.key(mia, 'hash'))?.value).toEqual(link);
  await committed(returning(moved, [using(over)]));
});

test('a request that was answered before is a duplicate, not a spent key', async () => {
  const over = await givenKey();
  const first = { ...returning(etag, [using(over)]), dedupe: ['attempt'] };
  const moved = await committed(first);
  const { sessions } = store.stores;
  expect(await sessions.commit(first)).toEqual({ outcome: 'duplicate' });
  expect(await sessions.commit({ ...first, over: moved })).toEqual({ outcome: 'duplicate' });
});

test('a browser that is known already is no reason to refuse a return', async () => {
  const over = await givenKey();
  const { sessions } = store.stores;
  await sessions.addDevice(mia, 'laptop');
  const laptop: Beside = { kind: 'device', hash: 'laptop' };
  await committed(returning(etag, [using(over), laptop, laptop]));
  expect(await sessions.hasDevice(mia, 'laptop')).toBe(true);
});

test('a browser that was forgotten is known no more, however often it is forgotten, until it is admitted again', async () => {
  const { sessions } = store.stores;
  await sessions.addDevice(mia, 'laptop');
  await sessions.addDevice(mia, 'phone');
  await sessions.dropDevice(mia, 'laptop');
  await sessions.dropDevice(mia, 'laptop');
  await sessions.dropDevice(noah, 'phone');
  expect(await sessions.hasDevice(mia, 'laptop')).toBe(false);
  expect(await sessions.hasDevice(mia, 'phone')).toBe(true);
  await sessions.addDevice(mia, 'laptop');
  expect(await sessions.hasDevice(mia, 'laptop')).toBe(true);
});

describe.each<readonly [string, Fault]>([
  ['408 after the write', { kind: 'status', status: 408, committed: true }],
  ['a connection dropped after the write', { kind: 'drop', committed: true }],
  ['a connection dropped before the write', { kind: 'drop', committed: false }],
  ['429', { kind: 'status', status: 429, retryAfterMs: 5 }],
])('a store that answers once with %s', (_name, fault) => {
  const strike = () => store.cosmos.faults.add({ operation: 'batch', fault, count: 1 });

  test.each<readonly [string, Partial<Change>]>([
    ['with its entry and audit', {}],
    ['with its dedupe key', { dedupe: ['attempt'] }],
    ['with nothing but the key', { entries: [] }],
  ])('lets a customer in with their own key, %s', async (_title, more) => {
    const over = await givenKey();
    const { audit, ...bare } = {
      ...returning(etag, [using(over), { kind: 'device', hash: 'phone' }]),
      ...more,
    };
    strike();
    const done = await store.stores.sessions.commit(
      more.entries === undefined && audit !== undefined ? { ...bare, audit } : bare,
    );
    expect(store.cosmos.faults.struck()).toBe(1);
    expect(done).toEqual({ outcome: 'committed', etag: (await store.stores.sessions.header(sid))?.etag });
    expect((await store.stores.sessions.key(mia, 'hash'))?.value).toEqual(used('mia'));
  });

  test('still calls a key spent that somebody else has used', async () => {
    const over = await givenKey();
    await committed(returning(etag, [using(over)]));
    strike();
    expect(await store.stores.sessions.commit(returning(etag, [using(over, 'other')]))).toEqual({
      outcome: 'spent',
    });
  });

  test('makes keys once, and forgets a browser', async () => {
    const { sessions } = store.stores;
    await sessions.addDevice(mia, 'laptop');
    strike();
    await sessions.addKeys(mia, [{ hash: 'one', value: link }]);
    strike();
    await sessions.dropDevice(mia, 'laptop');
    expect(store.cosmos.faults.struck()).toBe(2);
    expect((await sessions.key(mia, 'one'))?.value).toEqual(link);
    expect(await sessions.hasDevice(mia, 'laptop')).toBe(false);
  });
});

test('a use in doubt whose link was made and used meanwhile is still known as ours', async () => {
  const over = await givenKey();
  const other = await store.another();
  store.cosmos.faults.add({ operation: 'batch', fault: { kind: 'drop', committed: true }, count: 1 });
  // The second attempt is held up until somebody has used the key this step made.
  const gate = store.cosmos.faults.add({ operation: 'batch', fault: { kind: 'delay', ms: 1500 }, count: 1 });
  const next: Beside = { kind: 'key', hash: 'next', over: undefined, value: link };
  const first = store.stores.sessions.commit(returning(etag, [next, using(over)]));
  await expect.poll(() => store.cosmos.faults.struck()).toBe(2);
  gate();
  const [moved, made] = await Promise.all([other.sessions.header(sid), other.sessions.key(mia, 'next')]);
  const useNext: Beside = { kind: 'key', hash: 'next', over: made?.etag, value: used('other') };
  const second = await other.sessions.commit(returning(moved?.etag ?? '', [useNext], 3));
  expect(second.outcome).toBe('committed');
  store.clock.advance(1500);
  expect((await first).outcome).toBe('committed');
});

test('keys and browsers are no news', async () => {
  const { sessions } = store.stores;
  const from = (await sessions.news(undefined)).next;
  await givenKey();
  await sessions.addDevice(mia, 'laptop');
  await sessions.addDevice(mia, 'phone');
  await sessions.dropDevice(mia, 'laptop');
  expect(
    (await sessions.saveIndex({ customer: noah, aliases: [mia], sessions: [] }, undefined)) !== false,
  ).toBe(true);
  let { news, next } = await sessions.news(from);
  for (let page = 0; page < 5; page++) {
    expect(news).toEqual([]);
    ({ news, next } = await sessions.news(next));
  }
  expect(store.logged).not.toContainEqual(expect.objectContaining({ event: 'store.unreadable' }));
});

test('a key is kept for sixty days at least, and not for ever', async () => {
  await givenKey();
  const day = 24 * 60 * 60 * 1000;
  store.clock.advance(59 * day);
  expect((await store.stores.sessions.key(mia, 'hash'))?.value).toEqual(link);
  store.clock.advance(2 * day);
  expect(await store.stores.sessions.key(mia, 'hash')).toBeUndefined();
});

test('of a key and of a browser the store has the hash and what it was given, and nothing else', async () => {
  const over = await givenKey();
  await committed(returning(etag, [using(over), { kind: 'device', hash: 'phone' }]));
  const system = { v: 1, customer: mia };
  expect(await stored('key')).toEqual([
    { ...system, id: 'r:hash', kind: 'key', ttl: 60 * 24 * 60 * 60, body: used('mia') },
  ]);
  expect(await stored('device')).toEqual([
    { ...system, id: 'k:phone', kind: 'device', ttl: 181 * 24 * 60 * 60, body: {} },
  ]);
});

/** The documents of a kind as they lie in the store, without what the service adds. */
async function stored(kind: string): Promise<readonly unknown[]> {
  const { endpoint, key } = store.cosmos;
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const { resources } = await client
    .database(DATABASE)
    .container('sessions')
    .items.query<Record<string, unknown>>('SELECT * FROM c')
    .fetchAll();
  client.dispose();
  return resources
    .filter((one) => one['kind'] === kind)
    .map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => !name.startsWith('_'))));
}
