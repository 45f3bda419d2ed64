import { CosmosClient, type Container } from '@azure/cosmos';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import { agent, agentId, conversation, mia, NOON, opening, row, said, session } from './samples.ts';

let store: EmbeddedStore;
let client: CosmosClient;
beforeEach(async () => {
  store = await embeddedStore();
  const { endpoint, key } = store.cosmos;
  client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
});
afterEach(async () => {
  client.dispose();
  await store.close();
});

const sid = session(mia);
const container = (id: string): Container => client.database(DATABASE).container(id);
const spoil = async (of: string, partition: string, id: string, path: string, value: unknown) => {
  await container(of)
    .item(id, partition)
    .patch([{ op: 'set', path, value }]);
};

test('a session of a newer house is refused by its id and version, not misread', async () => {
  await store.stores.sessions.commit(opening(sid));
  await spoil('sessions', mia, `s:${sid}`, '/v', 2);
  await expect(store.stores.sessions.header(sid)).rejects.toMatchObject({
    code: 'store_unreadable',
    message: expect.stringMatching(new RegExp(`s:${sid}.*version 2`)) as string,
  });
});

test('a session with a status nobody knows, or without its numbers, is refused', async () => {
  await store.stores.sessions.commit(opening(sid));
  await spoil('sessions', mia, `s:${sid}`, '/body/session/status', 'levitating');
  await expect(store.stores.sessions.header(sid)).rejects.toMatchObject({ code: 'store_unreadable' });
  await spoil('sessions', mia, `s:${sid}`, '/body/session/status', 'bot');
  await spoil('sessions', mia, `s:${sid}`, '/body/seq', 'three');
  await expect(store.stores.sessions.header(sid)).rejects.toMatchObject({ code: 'store_unreadable' });
});

test('every kind of document of a newer house is refused', async () => {
  const { sessions, agents, inbox, leases, lookups } = store.stores;
  await sessions.commit({ ...opening(sid), entries: [said(sid, 1)] });
  await sessions.beat(mia, { conversation: conversation('c'), beatAt: NOON, phone: false });
  await sessions.noteAsked(sid, conversation('c'), NOON);
  await agents.create(agent(agentId('anna')));
  await inbox.put('queue:sales', sid, 1, 0, row(sid));
  await inbox.file({ sid, dueAt: NOON });
  await leases.take('feed', 'one', 0, 10);
  await sessions.addKeys(mia, [{ hash: 'hash', value: { sid, kind: 'link', family: 0, madeAt: NOON } }]);
  await lookups.putCode('hash', { customer: mia, key: 'hash', until: store.clock.now() });
  await lookups.count('guess', NOON, 1000);
  for (const [of, key] of [
    ['sessions', 'customer'],
    ['agents', 'agent'],
    ['inbox', 'view'],
    ['lookups', 'id'],
  ] as const) {
    const { resources } = await container(of)
      .items.query<Record<string, string>>('SELECT * FROM c')
      .fetchAll();
    for (const one of resources) await spoil(of, one[key] ?? '', one['id'] ?? '', '/v', 2);
  }
  const later = (await store.another()).leases;
  for (const read of [
    () => sessions.index(mia),
    () => sessions.entries(sid, {}),
    () => sessions.audit(sid),
    () => sessions.asked(sid),
    () => sessions.presence(mia, conversation('c')),
    () => agents.agent(agentId('anna')),
    () => agents.roster(),
    () => inbox.page('queue:sales', 'queue', 5),
    () => inbox.overdue(NOON),
    () => later.take('feed', 'two', 100, 10),
    () => sessions.key(mia, 'hash'),
    () => lookups.code('hash'),
    () => lookups.count('guess', NOON, 1000),
    () => lookups.counted('guess', NOON, 1000),
  ])
    await expect(read()).rejects.toMatchObject({ code: 'store_unreadable' });
});
