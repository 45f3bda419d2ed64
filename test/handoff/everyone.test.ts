import { afterEach, beforeEach, expect, test } from 'vitest';
import { everyone } from '../../src/handoff/everyone.ts';
import { embeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { agent, agentId } from '../store/samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const anna = agentId('anna');
const work = async (count: number): Promise<void> => {
  await store.stores.agents.create(agent(anna));
  for (let i = 1; i < count; i += 1) await store.stores.agents.create(agent(agentId(`n${i}`)));
};
const here = () => everyone(store.stores.agents, store.clock);
const isAway = async (who = anna, name = 'Anna'): Promise<void> => {
  const read = await store.stores.agents.agent(who);
  await store.stores.agents.replace(agent(who, { name }), read?.etag ?? '');
};

test('an agent among hundreds is looked up without reading the others', async () => {
  await work(150);
  const agents = here();
  expect(await agents.all()).toHaveLength(150);
  store.clock.advance(1_001);
  store.cosmos.counters.reset();
  expect(await agents.one(anna)).toEqual(agent(anna));
  expect(await agents.one(anna)).toEqual(agent(anna));
  expect(store.cosmos.counters.requests('query')).toBe(0);
  expect(store.cosmos.counters.requests('read')).toBe(1);
});

test('one question serves all who ask for one of a few agents', async () => {
  await work(3);
  const agents = here();
  await agents.all();
  store.clock.advance(1_001);
  await Promise.all([agents.one(anna), agents.one(agentId('n1')), agents.all()]);
  expect(await agents.one(agentId('n2'))).toEqual(agent(agentId('n2')));
  expect(store.cosmos.counters.requests('query')).toBe(2);
  expect(store.cosmos.counters.requests('read')).toBe(0);
});

test('what another instance wrote of an agent shows after a second, and what this one wrote at once', async () => {
  await work(2);
  const agents = here();
  await agents.all();
  await isAway(anna, 'Anna Away');
  expect((await agents.one(anna))?.name).not.toBe('Anna Away');
  agents.wrote(agent(anna, { name: 'Anna Own' }));
  expect((await agents.one(anna))?.name).toBe('Anna Own');
  expect((await agents.all()).filter(({ id }) => id === anna)).toHaveLength(1);
  store.clock.advance(1_001);
  expect((await agents.one(anna))?.name).toBe('Anna Away');
});

test('whoever cannot be read now is read again by the next who asks', async () => {
  await work(1);
  const agents = here();
  // The first makes the short way step aside, and the SDK asks again.
  store.cosmos.faults.add({ fault: { kind: 'status', status: 403 }, operation: 'query', count: 2 });
  await expect(agents.all()).rejects.toThrow();
  expect(await agents.all()).toEqual([agent(anna)]);
});
