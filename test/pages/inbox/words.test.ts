import { expect, test } from 'vitest';
import { buttonsFor } from '../../../src/pages/inbox/state/acts.ts';
import { bannerOf } from '../../../src/pages/inbox/state/banner.ts';
import { ago, dayName, elapsed, moment, span } from '../../../src/pages/inbox/state/time.ts';
import { newsOf } from '../../../src/pages/inbox/wire/news.ts';
import { eventReader } from '../../../src/pages/inbox/wire/sse.ts';
import { JONAS, MARA } from './fake-house.ts';
import { aQueuedRow, aRow } from './rows.ts';

const now = new Date(2026, 10, 4, 12, 0).getTime();
const minutes = (n: number) => n * 60_000;

test('a span counts down to the second, and is coarse when it is long', () => {
  expect([462_000, 0, -5_000, minutes(125), minutes(4_500)].map(span)).toEqual([
    '7:42',
    '0:00',
    '0:00',
    '2 h 5 min',
    '3 days',
  ]);
});

test('a span that has passed never looks like a time of day', () => {
  expect([22_000, 664_000, minutes(125)].map(elapsed)).toEqual(['22 s', '11 min', '2 h 5 min']);
});

test('a moment is told as a person tells it', () => {
  expect(
    [now - 5_000, now - minutes(4), now - minutes(120), now - minutes(1_440), now - minutes(14_400)].map(
      (at) => ago(at, now),
    ),
  ).toEqual(['now', '4 min', '10:00', 'Yesterday', '25 Oct']);
  expect(moment(now + minutes(1_260), now)).toBe('tomorrow 09:00');
  expect(dayName(now - minutes(1_440), now)).toBe('Yesterday');
});

test('an agent whose customer is gone sees why, and how long the place is held', () => {
  const gone = aRow('Lea Moreau', {
    status: 'disconnected',
    goneAt: now - minutes(1),
    cause: 'phone',
    agentHeldUntil: now + minutes(9),
  });
  expect(bannerOf(gone, MARA, now)).toEqual({
    tone: 'warn',
    title: 'Lea is gone',
    text: 'for 1 min · probably a locked phone · held for you 9:00',
    left: 0.9,
    action: { label: 'Release now', act: 'releaseHold' },
  });
});

test('an agent whose hold has lapsed sees until when the customer can come back, and nothing to release', () => {
  const gone = aRow('Lea Moreau', {
    status: 'disconnected',
    goneAt: now - minutes(11),
    agentHeldUntil: now - minutes(1),
    returnUntil: now + minutes(9),
  });
  const banner = bannerOf(gone, MARA, now);
  expect(banner?.text).toBe('for 11 min · can come back until 12:09');
  expect(banner?.action).toBeUndefined();
});

test('an agent who is asked sees how long, a colleague who is being asked', () => {
  const offered = aRow('Lea Moreau', { status: 'resuming', offeredUntil: now + 30_000 });
  expect(bannerOf(offered, MARA, now, now - 30_000)).toMatchObject({
    title: 'Lea is back and offered to you',
    text: '0:30 to answer, then the queue',
    left: 0.5,
  });
  expect(bannerOf(offered, JONAS, now)?.text).toBe('Mara is being asked');
});

test('an anonymous customer keeps their whole visitor name', () => {
  const gone = aRow('Visitor 81-204', { verified: false, status: 'disconnected' });
  expect(bannerOf(gone, MARA, now)?.title).toBe('Visitor 81-204 is gone');
});

test('a suspended chat whose customer is back says so', () => {
  const back = aRow('Lea Moreau', { status: 'suspended', customerBackAt: now - minutes(2) });
  expect(bannerOf(back, MARA, now)).toMatchObject({ tone: 'good', title: 'Lea is back' });
});

test('a customer who never left is not said to be back when the chat is set aside', () => {
  const here = aRow('Lea Moreau', {
    status: 'suspended',
    at: now,
    customerBackAt: now,
    reason: 'parcel 4711',
    suspendReason: 'Investigation',
  });
  expect(bannerOf(here, MARA, now)).toEqual({
    tone: 'quiet',
    title: 'Suspended',
    text: 'Investigation · Lea is still here',
  });
});

test('only what applies now is offered', () => {
  expect(buttonsFor(aQueuedRow('Lea', now), MARA, now)).toEqual(['accept', 'decline']);
  expect(buttonsFor(aRow('Lea'), MARA, now)).toEqual(['link', 'suspend', 'transfer', 'invite', 'close']);
  expect(buttonsFor(aRow('Lea'), JONAS, now)).toEqual([]);
  expect(buttonsFor(aRow('Lea'), { ...JONAS, supervisor: true }, now)).toEqual(['transfer']);
  const waits = aQueuedRow('Noor', now);
  expect(buttonsFor(waits, { ...JONAS, supervisor: true }, now)).toEqual(['accept', 'decline', 'transfer']);
  expect(buttonsFor(aRow('Lea', { status: 'resuming' }), { ...JONAS, supervisor: true }, now)).toEqual([
    'transfer',
  ]);
  const asked = aRow('Lea', { guests: [{ ...JONAS, joined: false }] });
  expect(buttonsFor(asked, JONAS, now)).toEqual(['join', 'leave']);
  expect(buttonsFor(aRow('Lea', { status: 'suspended' }), MARA, now)).toEqual([
    'link',
    'editSuspension',
    'resume',
    'transfer',
    'invite',
    'close',
  ]);
  const closed = aRow('Lea', { status: 'closed', endedAt: now - minutes(1) });
  expect(buttonsFor({ ...closed, wrapUpUntil: now + 1 }, MARA, now)).toEqual(['record', 'takeBack']);
  expect(buttonsFor({ ...closed, wrapUpUntil: now }, MARA, now)).toEqual([]);
  expect(buttonsFor(closed, MARA, now), 'taken back before').toEqual([]);
  expect(buttonsFor(aQueuedRow('Lea', now, { declinedBy: [MARA.id] }), MARA, now)).toEqual(['accept']);
});

test('news that cannot be read is passed over', () => {
  const row = '{"sid":"s","ver":1,"seq":2,"row":null,"list":null}';
  expect(newsOf({ event: 'row', data: row })).toMatchObject({ type: 'row', change: { ver: 1 } });
  for (const data of ['', 'no json', '[]', '7', '{"sid":"s"}', row.replace('"list":null', '"list":"mine"')]) {
    expect(newsOf({ event: 'row', data }), data).toBeUndefined();
  }
  expect(newsOf({ event: 'weather', data: row })).toBeUndefined();
});

test('events of a stream are read whole, wherever the pieces are cut', () => {
  const text = 'event: hello\r\ndata: {}\r\n\r\n: still here\n\nevent: row\ndata: {"a":\ndata: 1}\n\n';
  for (let cut = 1; cut < text.length; cut++) {
    const read = eventReader();
    const events = [...read(text.slice(0, cut)), ...read(text.slice(cut))];
    expect(events).toEqual([
      { event: 'hello', data: '{}' },
      { event: 'row', data: '{"a":\n1}' },
    ]);
  }
});
