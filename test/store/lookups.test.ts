import { CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { CodeRecord } from '../../src/handoff/ports.ts';
import type { Fault } from '../../src/local/cosmos/faults.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import { customer, mia } from './samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const MINUTE = 60_000;
const inTenMinutes = (key = 'key'): CodeRecord => ({
  customer: mia,
  key,
  until: store.clock.now() + 10 * MINUTE,
});

test('a code leads to its key, from every instance', async () => {
  const code = inTenMinutes();
  expect(await store.stores.lookups.putCode('hash', code)).toBe(true);
  const other = (await store.another()).lookups;
  expect(await other.code('hash')).toEqual(code);
  expect(await other.code('another')).toBeUndefined();
});

test('a code that stands for one key cannot be given for another', async () => {
  const first = inTenMinutes();
  const { lookups } = store.stores;
  await lookups.putCode('hash', first);
  expect(await lookups.putCode('hash', inTenMinutes('other'))).toBe(false);
  expect(await lookups.putCode('hash', { ...first, customer: customer('noah') })).toBe(false);
  expect(await lookups.code('hash')).toEqual(first);
});

test('a code put again by whoever put it is theirs', async () => {
  const code = inTenMinutes();
  await store.stores.lookups.putCode('hash', code);
  expect(await (await store.another()).lookups.putCode('hash', code)).toBe(true);
});

test('of twenty who want the same words at once, from two instances, one gets them', async () => {
  const other = (await store.another()).lookups;
  const puts = (from: number) =>
    Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? store.stores.lookups : other).putCode('hash', inTenMinutes(`key ${from + i}`)),
      ),
    );
  const first = await puts(0);
  expect(first.filter(Boolean)).toHaveLength(1);
  expect((await other.code('hash'))?.key).toBe(`key ${first.indexOf(true)}`);
  // The words are free again after their end: again for one of those who want them.
  store.clock.advance(11 * MINUTE);
  const second = await puts(100);
  expect(second.filter(Boolean)).toHaveLength(1);
  expect((await other.code('hash'))?.key).toBe(`key ${100 + second.indexOf(true)}`);
});

test('a code is told after its end for a while, for its reader to judge, and then it is gone', async () => {
  const code = inTenMinutes();
  await store.stores.lookups.putCode('hash', code);
  store.clock.advance(60 * MINUTE);
  expect(await store.stores.lookups.code('hash')).toEqual(code);
  store.clock.advance(11 * MINUTE);
  expect(await store.stores.lookups.code('hash')).toBeUndefined();
});

test('a code is given whatever the store’s one slip was', async () => {
  const { lookups } = store.stores;
  const faults: readonly Fault[] = [
    { kind: 'drop', committed: true },
    { kind: 'drop', committed: false },
    { kind: 'status', status: 503, committed: true },
  ];
  for (const [i, fault] of faults.entries()) {
    store.cosmos.faults.add({ operation: 'create', fault, count: 1 });
    expect(await lookups.putCode(`hash ${i}`, inTenMinutes())).toBe(true);
  }
  expect(store.cosmos.faults.struck()).toBe(faults.length);
});

test('a count goes up by one each time, and each name and window has its own', async () => {
  const { lookups } = store.stores;
  expect(await lookups.counted('guess|1.2.3.4', 0, MINUTE)).toBe(0);
  expect(await lookups.count('guess|1.2.3.4', 0, MINUTE)).toBe(1);
  expect(await lookups.count('guess|1.2.3.4', MINUTE - 1, MINUTE)).toBe(2);
  expect(await lookups.count('guess|5.6.7.8', 0, MINUTE)).toBe(1);
  expect(await lookups.count('guess|1.2.3.4', MINUTE, MINUTE)).toBe(1);
  expect(await lookups.counted('guess|1.2.3.4', 5, MINUTE)).toBe(2);
  expect(await lookups.counted('guess|1.2.3.4', MINUTE, MINUTE)).toBe(1);
});

test('of forty who count at once, in two instances, nobody is missed and no two hear the same', async () => {
  const other = (await store.another()).lookups;
  const counts = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      (i % 2 === 0 ? store.stores.lookups : other).count('guess|1.2.3.4', 0, MINUTE),
    ),
  );
  expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(await other.counted('guess|1.2.3.4', 0, MINUTE)).toBe(40);
});

test('a count that goes on is one request', async () => {
  const { lookups } = store.stores;
  await lookups.count('guess', 0, MINUTE);
  store.cosmos.counters.reset();
  await lookups.count('guess', 1, MINUTE);
  expect(store.cosmos.counters.billed()).toBe(1);
});

describe.each<readonly [string, Fault, number]>([
  ['refuses once', { kind: 'status', status: 429, retryAfterMs: 5 }, 2],
  ['breaks before it counts', { kind: 'drop', committed: false }, 2],
  ['breaks after it counted', { kind: 'drop', committed: true }, 3],
])('a store that %s', (_name, fault, expected) => {
  test('never counts too little', async () => {
    const { lookups } = store.stores;
    await lookups.count('guess', 0, MINUTE);
    store.cosmos.faults.add({ operation: 'patch', fault, count: 1 });
    expect(await lookups.count('guess', 0, MINUTE)).toBe(expected);
    store.cosmos.faults.add({ operation: 'create', fault, count: 1 });
    expect(await lookups.count('first', 0, MINUTE)).toBe(1);
  });
});

test('counts are cleared away two windows after the last', async () => {
  const { lookups } = store.stores;
  await lookups.count('guess', 0, MINUTE);
  store.clock.advance(MINUTE);
  expect(await lookups.counted('guess', 0, MINUTE)).toBe(1);
  store.clock.advance(2 * MINUTE);
  expect(await lookups.counted('guess', 0, MINUTE)).toBe(0);
});

test('no name that is counted can be read in the store', async () => {
  await store.stores.lookups.count('guess|198.51.100.7', 0, MINUTE);
  const { endpoint, key } = store.cosmos;
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const { resources } = await client
    .database(DATABASE)
    .container('lookups')
    .items.query('SELECT * FROM c')
    .fetchAll();
  client.dispose();
  expect(resources).toHaveLength(1);
  expect(JSON.stringify(resources)).not.toMatch(/guess|198\.51/);
});
