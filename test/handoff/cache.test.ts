import { expect, test } from 'vitest';
import { recentlyUsed, REMEMBERED_MS } from '../../src/handoff/cache.ts';

test('what was not used for longest makes room once it is full', () => {
  const cache = recentlyUsed<string, number>(2, () => 0);
  cache.set('lea', 1);
  cache.set('omar', 2);
  cache.get('lea');
  cache.set('zelda', 3);
  expect(['lea', 'omar', 'zelda'].map(cache.get)).toEqual([1, undefined, 3]);
});

test('chats that nobody touches any more take no room, however few there are', () => {
  let now = 1_000_000;
  const cache = recentlyUsed<string, number>(100_000, () => now);
  for (let chat = 0; chat < 500; chat += 1) {
    cache.set(`chat-${chat}`, chat);
    now += REMEMBERED_MS / 10;
  }
  expect(cache.size()).toBeLessThanOrEqual(10);
});

test('what is told to be of use for longer stays for longer', () => {
  let now = 1_000_000;
  const cache = recentlyUsed<string, number>(100_000, () => now, 12 * REMEMBERED_MS);
  cache.set('lea', 1);
  now += 11 * REMEMBERED_MS;
  cache.set('omar', 2);
  now += REMEMBERED_MS;
  expect(['lea', 'omar'].map(cache.get)).toEqual([undefined, 2]);
});

test('a chat that goes on is remembered for as long as it does', () => {
  let now = 1_000_000;
  const cache = recentlyUsed<string, number>(100_000, () => now);
  cache.set('lea', 1);
  for (let times = 0; times < 20; times += 1) {
    now += REMEMBERED_MS - 1;
    expect(cache.get('lea')).toBe(1);
  }
  now += REMEMBERED_MS;
  expect(cache.get('lea')).toBeUndefined();
});
