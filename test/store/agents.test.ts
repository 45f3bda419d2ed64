import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import { agent, agentId, mia, session } from './samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const anna = agentId('anna');

test('an agent is created once and found again', async () => {
  const { agents } = store.stores;
  expect(await agents.agent(anna)).toBeUndefined();
  const etag = await agents.create(agent(anna));
  expect(await agents.agent(anna)).toEqual({ value: agent(anna), etag });
  expect(await agents.create(agent(anna, { name: 'Somebody Else' }))).toBe(false);
});

test('of two who change an agent’s slots at once, the second is told', async () => {
  const { agents } = store.stores;
  const etag = (await agents.create(agent(anna))) || '';
  const taken = agent(anna, { slots: { [session(mia)]: { state: 'pending', until: 1 } } });
  const next = await agents.replace(taken, etag);
  expect(next).not.toBe(false);
  expect(await agents.replace(agent(anna), etag)).toBe(false);
  expect(await agents.agent(anna)).toEqual({ value: taken, etag: next });
});

test('an agent who is not there is not made by a change', async () => {
  expect(await store.stores.agents.replace(agent(anna), '"1"')).toBe(false);
  expect(await store.stores.agents.agent(anna)).toBeUndefined();
});

test('the roster is everyone, in one query', async () => {
  const { agents } = store.stores;
  await Promise.all(['anna', 'ben', 'cleo'].map((name) => agents.create(agent(agentId(name)))));
  store.cosmos.counters.reset();
  expect((await agents.roster()).map((one) => one.id).sort()).toEqual([
    'tenant:anna',
    'tenant:ben',
    'tenant:cleo',
  ]);
  expect(store.cosmos.counters.billed()).toBe(1);
});
