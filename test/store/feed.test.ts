import { afterEach, beforeEach, expect, test } from 'vitest';
import { CosmosClient } from '@azure/cosmos';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { News } from '../../src/handoff/ports.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import { conversation, customer, message, mia, NOON, opening, session } from './samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const sid = session(mia);

async function readAll(
  from: string,
  of = store.stores,
): Promise<{ readonly news: readonly News[]; readonly next: string }> {
  const news: News[] = [];
  for (let at = from; ;) {
    const page = await of.sessions.news(at);
    at = page.next;
    if (page.news.length === 0) return { news, next: at };
    news.push(...page.news);
  }
}

const now = async () => (await store.stores.sessions.news(undefined)).next;

test('the news start now, and bring headers with their etags and entries, nothing else', async () => {
  await store.stores.sessions.commit(opening(session(customer('noah'))));
  const from = await now();
  const opened = await store.stores.sessions.commit(opening(sid));
  await store.stores.sessions.beat(mia, { conversation: conversation('c'), beatAt: NOON, phone: false });
  if (opened.outcome !== 'committed') throw new Error('not opened');
  const said = await store.stores.sessions.commit(message(sid, opened.etag, 1));
  const { news } = await readAll(from);
  expect(news.map((one) => one.kind).sort()).toEqual(['entry', 'header']);
  expect(news.find((one) => one.kind === 'header')).toMatchObject({
    header: { seq: 1 },
    etag: said.outcome === 'committed' ? said.etag : '',
  });
});

test('an empty page means nothing new, and the same place may be read again', async () => {
  const from = await now();
  expect((await store.stores.sessions.news(from)).news).toEqual([]);
  await store.stores.sessions.commit(opening(sid));
  const first = await readAll(from);
  const again = await readAll(from);
  expect(again.news).toEqual(first.news);
  expect((await store.stores.sessions.news(first.next)).news).toEqual([]);
});

test('nothing is missed by a reader in another instance, in another order of pages, while others write', async () => {
  const other = await store.another();
  let at = await now();
  const seen = new Set<string>();
  const writing = Promise.all(
    Array.from({ length: 30 }, async (_, i) => {
      const of = session(customer(`c${i}`));
      const opened = await store.stores.sessions.commit(opening(of));
      for (let seq = 1, etag = opened.outcome === 'committed' ? opened.etag : ''; seq <= 20; seq++) {
        const done = await store.stores.sessions.commit(message(of, etag, seq));
        etag = done.outcome === 'committed' ? done.etag : '';
      }
    }),
  );
  const state = { written: false };
  void writing.then(() => (state.written = true));
  for (let last = false; !last;) {
    last = state.written;
    const page = await readAll(at, seen.size % 2 === 0 ? store.stores : other);
    at = page.next;
    for (const one of page.news) if (one.kind === 'entry') seen.add(`${one.entry.sid}:${one.entry.seq}`);
  }
  await writing;
  expect(seen.size).toBe(30 * 20);
});

test('a reader that goes on asks the store once a page', async () => {
  const { next } = await readAll(await now());
  store.cosmos.counters.reset();
  await store.stores.sessions.news(next);
  expect(store.cosmos.counters.all().map(({ operation, requests }) => [operation, requests])).toEqual([
    ['feed', 1],
  ]);
});

test('a document of a newer house is passed over and logged', async () => {
  const from = await now();
  const client = new CosmosClient({
    endpoint: store.cosmos.endpoint,
    key: store.cosmos.key,
    connectionPolicy: { enableEndpointDiscovery: false },
  });
  await client
    .database(DATABASE)
    .container('sessions')
    .items.create({ id: 's:new', customer: mia, kind: 'header', v: 2, body: {} });
  client.dispose();
  await store.stores.sessions.commit(opening(sid));
  expect((await readAll(from)).news).toHaveLength(1);
  expect(store.logged).toContainEqual(expect.objectContaining({ event: 'store.unreadable' }));
});
