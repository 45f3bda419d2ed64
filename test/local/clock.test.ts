import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { keep } from '../../src/local/keep.ts';
import { openChat, openHouse, until, type TestHouse } from '../server/house.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const open: TestHouse[] = [];
afterEach(async () => {
  for (const house of open.splice(0).reverse()) await house.close();
});
async function started(options: Parameters<typeof openHouse>[0] = {}): Promise<TestHouse> {
  const house = await openHouse(options);
  open.push(house);
  return house;
}
async function stop(house: TestHouse): Promise<void> {
  open.splice(open.indexOf(house), 1);
  await house.close();
}

const advance = async (house: TestHouse, advanceMs: number) =>
  (await house.ask('POST', '/local/clock', { advanceMs })).body as { now: number; aheadMs: number };

/** What a page hears of the clock: each `now` it was told, as it comes. */
async function listen(house: TestHouse): Promise<{ readonly heard: number[]; readonly hangUp: () => void }> {
  const gone = new AbortController();
  const response = await fetch(`${house.origin}/local/clock`, { signal: gone.signal });
  const heard: number[] = [];
  const read = async (): Promise<void> => {
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      for (const [, now] of text.matchAll(/"now":(\d+)/gu)) heard.push(Number(now));
    }
  };
  read().catch(() => undefined);
  await until(() => heard.length > 0, 'a page hears the clock at once');
  return { heard, hangUp: () => gone.abort() };
}

test('the clock moves forward, and pages hear of it', async () => {
  const house = await started();
  const page = await listen(house);
  const before = page.heard.at(-1) ?? 0;
  const { now, aheadMs } = await advance(house, HOUR);
  expect([aheadMs, now - before >= HOUR, now - before < HOUR + 10_000]).toEqual([HOUR, true, true]);
  await until(() => (page.heard.at(-1) ?? 0) >= before + HOUR, 'the page hears of the jump');
  page.hangUp();
  expect((await advance(house, 0)).aheadMs).toBe(HOUR);
});

test('after a restart the clock stands where it stood, and what was said is still there', async () => {
  const first = await started();
  const chat = await openChat(first);
  await chat.say('remember the milk');
  await chat.say('agent');
  await advance(first, MINUTE);
  await stop(first);

  const second = await started({ folder: first.folder });
  expect((await advance(second, 0)).aheadMs).toBe(MINUTE);
  const back = await openChat(second, chat.asking);
  expect(back.userId).toBe(chat.userId);
  const bearer = await second.tabToken();
  const row = await until(async () => {
    const { body } = await second.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string }[])[0];
  }, 'the session is in the queue still');
  const { text } = await second.ask('GET', `/api/sessions/${row.sid}`, undefined, { bearer });
  expect(text).toContain('remember the milk');
});

test('a customer of the local site signs in, and is the same on every device', async () => {
  const house = await started();
  const signIn = async () =>
    (await house.ask('POST', '/local/signin', { subject: 'lea' })).body as { token: string; name: string };
  const [one, two] = [await signIn(), await signIn()];
  expect(one.name).toBe('Lea Moreau');
  const [desk, phone] = [
    await openChat(house, { bearer: one.token }),
    await openChat(house, { bearer: two.token }),
  ];
  expect([desk.userId.slice(0, 4), phone.userId]).toEqual(['dl_s', desk.userId]);
  const widget = await house.ask('GET', '/api/widgets/support');
  expect(widget.body['site']).toMatchObject({ signIn: '/local/signin' });
});

test('two houses on one store share the clock: a jump of either reaches the other and its pages', async () => {
  const first = await started();
  const second = await started({ folder: first.folder, name: 'second', cosmos: first.store });
  const page = await listen(second);

  const jumped = await advance(first, HOUR);
  expect((await advance(second, 0)).aheadMs).toBe(HOUR);
  await until(() => (page.heard.at(-1) ?? 0) >= jumped.now, 'a page of the other house hears of it');
  expect((await advance(second, HOUR)).aheadMs).toBe(2 * HOUR);
  expect((await advance(first, 0)).aheadMs).toBe(2 * HOUR);
  page.hangUp();
  expect(page.heard).toEqual(page.heard.toSorted((a, b) => a - b));

  // A page alone, with nobody asking anything: the house looks by itself.
  const alone = await listen(second);
  await advance(first, HOUR);
  await until(() => (alone.heard.at(-1) ?? 0) - (alone.heard[0] ?? 0) >= HOUR, 'a quiet house follows too');
  alone.hangUp();
});

test('two houses on one store serve the same customer and the same agents', async () => {
  const first = await started();
  const second = await started({ folder: first.folder, name: 'second', cosmos: first.store });
  const chat = await openChat(first);
  await chat.say('agent');
  const again = await openChat(second, chat.asking);
  expect(again.userId).toBe(chat.userId);
  const bearer = await second.tabToken();
  await until(async () => {
    const { body } = await second.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string }[]).some(({ sid }) => sid.startsWith(`${chat.userId}.`));
  }, 'the other house lists the session');
});

test('houses that start at once in one folder agree on their keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reconnect-keep-'));
  const [one, two] = [keep(folder, 'one'), keep(folder, 'two')];
  expect(two.kept).toEqual(one.kept);
});

test('a clock that another house has moved further never goes back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reconnect-keep-'));
  const [one, two] = [keep(folder, 'one'), keep(folder, 'two')];
  one.moved(5 * HOUR);
  two.moved(HOUR);
  expect([one.ahead(), two.ahead(), keep(folder, 'one').kept.clockAheadMs]).toEqual([
    5 * HOUR,
    5 * HOUR,
    5 * HOUR,
  ]);
});

test.each([['{"pepper":'], ['{}'], ['[]'], ['{"pepper":"x","clockAheadMs":-1}']])(
  'a folder whose house.json is %s is refused with what to do, not overwritten',
  (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'reconnect-keep-'));
    writeFileSync(join(folder, 'house.json'), text);
    expect(() => keep(folder, 'one')).toThrow(/move it away to start anew/u);
  },
);
