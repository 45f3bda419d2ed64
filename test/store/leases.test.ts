import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

test('a lease is taken over only after it has run out, with what its holder saved', async () => {
  const { leases } = store.stores;
  const other = (await store.another()).leases;
  expect(await leases.take('feed', 'one', 0, 100)).toEqual({});
  expect(await leases.save('feed', 'one', 'page 7')).toBe(true);
  expect(await other.take('feed', 'two', 99, 100)).toBe(false);
  expect(await other.take('feed', 'two', 100, 100)).toEqual({ value: 'page 7' });
  expect(await leases.save('feed', 'one', 'page 8')).toBe(false);
  expect(await leases.take('feed', 'one', 150, 100)).toBe(false);
  expect(await other.take('feed', 'two', 150, 100)).toEqual({ value: 'page 7' });
});

test('a holder keeps its lease by one request', async () => {
  const { leases } = store.stores;
  await leases.take('due:3', 'one', 0, 100);
  store.cosmos.counters.reset();
  await leases.take('due:3', 'one', 50, 100);
  expect(store.cosmos.counters.billed()).toBe(1);
  expect(await leases.take('due:3', 'two', 149, 100)).toBe(false);
});

test('a place is saved by the request that keeps the lease, and never by one that takes it', async () => {
  const { leases } = store.stores;
  const other = (await store.another()).leases;
  await leases.take('feed', 'one', 0, 100, 'from nowhere');
  store.cosmos.counters.reset();
  expect(await leases.take('feed', 'one', 50, 100, 'page 7')).toEqual({ value: 'page 7' });
  expect(store.cosmos.counters.billed()).toBe(1);
  expect(await other.take('feed', 'two', 150, 100, 'page 1')).toEqual({ value: 'page 7' });
});

test('a lease given back is free at once, and keeps its value', async () => {
  const { leases } = store.stores;
  await leases.take('feed', 'one', 0, 1000);
  await leases.save('feed', 'one', 'page 7');
  await leases.release('feed', 'two');
  expect(await leases.take('feed', 'two', 1, 1000)).toBe(false);
  await leases.release('feed', 'one');
  expect(await leases.take('feed', 'two', 1, 1000)).toEqual({ value: 'page 7' });
});

test('of twenty who take a lease at once, from two instances, one has it', async () => {
  const other = (await store.another()).leases;
  const takes = Array.from({ length: 20 }, (_, i) =>
    (i % 2 === 0 ? store.stores.leases : other).take('feed', `holder ${i}`, 0, 100),
  );
  expect((await Promise.all(takes)).filter((taken) => taken !== false)).toHaveLength(1);
});

test('a lease nobody has is not saved', async () => {
  expect(await store.stores.leases.save('feed', 'one', 'x')).toBe(false);
});
