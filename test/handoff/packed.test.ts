import { expect, test } from 'vitest';
import { REMEMBERED_MS } from '../../src/handoff/cache.ts';
import { likeThis, mostlyPacked, WHOLE } from '../../src/handoff/packed.ts';
import { TYPICAL_HEADER } from '../../src/handoff/typical.ts';
import { sessionIdOf, type SessionId } from '../../src/session/ids.ts';
import { header, mia, session } from '../store/samples.ts';

const stored = (n: number) => ({
  value: header(session(mia), {
    seq: n,
    lastLine: { by: 'customer', text: `Zeile ${n}: „Grüße“ – 👋`, at: n },
  }),
  etag: `"${n}"`,
});
const remembering = (now = () => 0) =>
  mostlyPacked<string, ReturnType<typeof stored>>(100_000, now, likeThis(TYPICAL_HEADER));

test('whoever comes back to a chat after hundreds of others wrote finds it as it was', () => {
  const cache = remembering();
  for (let n = 0; n < 2 * WHOLE; n += 1) cache.set(`chat-${n}`, stored(n));
  for (const n of [0, 1, WHOLE, 2 * WHOLE - 1]) expect(cache.get(`chat-${n}`)).toEqual(stored(n));
  expect(cache.size()).toBe(2 * WHOLE);
});

test('a chat that waits takes a third of the room of its text', () => {
  const packing = likeThis<string, ReturnType<typeof stored>>(TYPICAL_HEADER);
  const text = packing.pack(stored(1), 'chat-1');
  expect(text.length).toBeLessThan(JSON.stringify(stored(1)).length / 3);
  expect(packing.unpack(text, 'chat-1')).toEqual(stored(1));
});

test('what the key of a chat says already takes no room in it', () => {
  const packing = likeThis<SessionId, ReturnType<typeof stored>>(TYPICAL_HEADER);
  const [lea, zelda] = [
    sessionIdOf(mia, '39XrbzipN9uSqBKd2ojjbh'),
    sessionIdOf(mia, 'YwrlEzlox1rN0hnZBR79mg'),
  ];
  const chat = { value: header(lea), etag: '"1"' };
  expect(packing.pack(chat, lea).length).toBeLessThan(packing.pack(chat, zelda).length - 10);
  expect(packing.unpack(packing.pack(chat, lea), lea)).toEqual(chat);
});

test('a chat that was changed while it waited is what it was changed to', () => {
  const cache = remembering();
  for (let n = 0; n <= WHOLE; n += 1) cache.set(`chat-${n}`, stored(n));
  cache.set('chat-0', stored(7));
  for (let n = 1; n <= WHOLE; n += 1) cache.get(`chat-${n}`);
  expect(cache.get('chat-0')).toEqual(stored(7));
  cache.drop('chat-0');
  expect(cache.get('chat-0')).toBeUndefined();
});

test('nothing is left of somebody who is erased, however long ago they wrote', () => {
  const cache = remembering();
  for (let n = 0; n < WHOLE + 10; n += 1) cache.set(`chat-${n}`, stored(n));
  expect(cache.dropAll((key) => ['chat-1', `chat-${WHOLE}`].includes(key))).toHaveLength(2);
  expect([cache.get('chat-1'), cache.get(`chat-${WHOLE}`)]).toEqual([undefined, undefined]);
});

test('chats that nobody touches any more take no room, packed or not', () => {
  let now = 1_000_000;
  const cache = remembering(() => now);
  for (let n = 0; n < WHOLE + 10; n += 1) cache.set(`chat-${n}`, stored(n));
  now += REMEMBERED_MS + 1;
  cache.get('chat-0');
  cache.set('another', stored(0));
  expect(cache.size()).toBe(1);
});
