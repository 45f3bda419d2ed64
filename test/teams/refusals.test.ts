import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock, systemClock } from '../../src/clock.ts';
import { obeyRateLimits, teamsRateLimits } from '../../src/local/teams/limits.ts';
import { ask, cardMessage, chatOf, type Office, offerCard, openOffice } from './office.ts';

let office: Office;
let at: string;
// Its own clock stands still but for what a test moves, so that no limit frees itself while a slow machine sends.
const still = () => movableClock({ ...systemClock, now: () => 1_795_000_000_000 });

beforeEach(async () => {
  office = await openOffice({ clock: still() });
  at = `/local/connector/teams/v3/conversations/${encodeURIComponent((await chatOf(office, 1)).id)}/activities`;
});
afterEach(() => office.close());

const send = (text = 'x') => ask(office, at, { type: 'message', text });
const knobs = (change: object) => ask(office, '/local/teams', change);
const errorOf = ({ status, body }: { status: number; body: unknown }) => [
  status,
  (body as { error: { code: string } }).error.code,
];

test('a bot that sends 8 messages in a second is told to wait, by the clock', async () => {
  for (let sent = 0; sent < 7; sent++) expect((await send()).status).toBe(201);

  const refused = await send();
  expect(errorOf(refused)).toEqual([429, 'TooManyRequests']);
  expect(refused.headers.get('retry-after')).toBe('1');
  office.clock.advance(1_000);
  expect((await send()).status).toBe(201);
  expect((await chatOf(office, 1)).writes.send).toBe(8);
});

test('a bot that sends 61 messages in 30 s, or 1,801 in an hour, is told how long to wait', () => {
  const wait = (count: number, everyMs: number) => {
    const sent = Array.from({ length: count }, (_, nth) => nth * everyMs);
    const now = count * everyMs;
    const act = () => obeyRateLimits(teamsRateLimits, now, (since) => sent.filter((at) => at > since));
    return expect(act);
  };
  const refusal = (seconds: string) =>
    expect.objectContaining({ status: 429, headers: { 'Retry-After': seconds } }) as Error;

  wait(59, 200).not.toThrow();
  wait(60, 200).toThrow(refusal('18'));
  wait(1_799, 600).not.toThrow();
  wait(1_800, 600).toThrow(refusal('2520'));
});

test('a server that parses bodies itself answers the same', async () => {
  const other = await openOffice({ parsesBodies: true });
  expect((await ask(other, '/local/teams/chats/1/open', {})).status).toBe(200);
  expect((await ask(other, at, { type: 'message', text: 'x' })).status).toBe(201);
  expect((await ask(other, at, { type: 'message', text: 'x'.repeat(400_000) })).status).toBe(413);
  const broken = await fetch(other.origin + at, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{',
  });
  expect(broken.status).toBe(400);
  await other.close();
});

test('a thread that is full does not hold back another', async () => {
  for (let sent = 0; sent < 8; sent++) await send();

  const other = encodeURIComponent((await chatOf(office, 2)).id);
  const sent = await ask(office, `/local/connector/teams/v3/conversations/${other}/activities`, {
    type: 'message',
    text: 'x',
  });
  expect(sent.status).toBe(201);
});

test('a bot that an agent removed may not write to them', async () => {
  await knobs({ uninstalled: [1] });
  expect(errorOf(await send())).toEqual([403, 'MessageWritesBlocked']);

  await knobs({ uninstalled: [] });
  expect((await send()).status).toBe(201);
});

test('a fault asked for happens as often as asked, and only where', async () => {
  const { id } = await chatOf(office, 1);
  await knobs({
    faults: [
      { status: 502, times: 1, conversation: 'another' },
      { status: 412, times: 2, conversation: id, code: 'Etag' },
    ],
  });

  expect(errorOf(await send())).toEqual([412, 'Etag']);
  expect(errorOf(await send())).toEqual([412, 'Etag']);
  expect((await send()).status).toBe(201);
});

test('a committed fault loses the answer and keeps the message', async () => {
  await knobs({ faults: [{ status: 500, times: 1, committed: true }] });

  expect((await send('kept')).status).toBe(500);
  expect((await chatOf(office, 1)).activities.map(({ text }) => text)).toEqual(['kept']);
});

test('a write that hangs is done when the hang is over', async () => {
  await knobs({ hang: true });
  const hanging = send('late');
  await ask(office, '/local/teams');
  expect((await chatOf(office, 1)).activities).toEqual([]);

  await knobs({ hang: false });
  expect((await hanging).status).toBe(201);
});

test.each([
  ['a handoff event', { type: 'event', name: 'handoff.status', value: {} }, 400],
  ['a card newer than 1.5', cardMessage({ ...offerCard(), version: '1.6' }), 400],
  ['something that is no card', cardMessage({ type: 'Card' }), 400],
  ['a message over 40 KB', { type: 'message', text: 'x'.repeat(41_000) }, 413],
  ['a body over every bound', { type: 'message', text: 'x'.repeat(400_000) }, 413],
  ['an activity without a type', { text: 'x' }, 400],
  ['a text that is no text', { type: 'message', text: 7 }, 400],
])('%s is refused by name', async (_what, activity, status) => {
  const refused = await ask(office, at, activity);

  expect(refused.status).toBe(status);
  expect(refused.body).toMatchObject({
    error: { code: expect.any(String) as string, message: expect.any(String) as string },
  });
  expect((await chatOf(office, 1)).activities).toEqual([]);
});

test('broken JSON, unknown chats and unknown knobs are refused, and the next message is taken', async () => {
  const broken = await fetch(office.origin + at, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"type":',
  });
  expect(broken.status).toBe(400);
  expect(
    (await ask(office, '/local/connector/teams/v3/conversations/a%3Anobody/activities', { type: 'message' }))
      .status,
  ).toBe(404);
  expect((await ask(office, `${at.replace('/activities', '')}/members/29%3Anobody`)).status).toBe(404);
  expect((await knobs({ faults: [{ status: 200, times: 1 }] })).status).toBe(400);
  expect((await knobs({ unknown: 1 })).status).toBe(400);
  expect((await ask(office, '/local/teams/chats/9/open', {})).status).toBe(404);
  expect((await ask(office, '/local/teams/chats/1/messages', { text: '  ' })).status).toBe(400);

  expect((await send()).status).toBe(201);
});

test('chats, installs and counts survive a restart', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'teams-')), 'teams.sqlite');
  const before = await openOffice({ file });
  await ask(before, '/local/teams/chats/1/open', {});
  await ask(before, at, { type: 'message', text: 'kept' });
  await before.close();

  const after = await openOffice({ file });
  await ask(after, '/local/teams/chats/1/open', {});
  expect(after.heard).toEqual([]);
  const chat = await chatOf(after, 1);
  expect([chat.activities.map(({ text }) => text), chat.writes.send]).toEqual([['kept'], 1]);
  await after.close();
});
