import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { digestOf, later, unreadIn } from '../../../src/pages/inbox/state/reading.ts';
import type { Line } from '../../../src/pages/inbox/wire/wire.ts';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, MARA, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;
const lea = aRow('Lea Moreau', { fromCustomer: 0 });
const tom = aRow('Tom Okafor', { fromCustomer: 0 });

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
  house.put(lea);
  house.put(tom);
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
  await house.close();
});

/** The customer writes, and the row counts it, as the house does. */
const says = (row: typeof lea, text: string): void => {
  const fromCustomer = (house.rows.get(row.sid)?.fromCustomer ?? 0) + 1;
  house.rows.set(row.sid, { ...row, ...house.rows.get(row.sid), fromCustomer });
  house.say(row.sid, { text });
};
const goes = (code: 'customerGone' | 'customerBack', text: string): void =>
  house.say(lea.sid, { side: 'house', kind: 'notice', code, text });
const open = async () => {
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  return tab;
};
const rowOf = (at: Tab, name: string) => at.frame.getByRole('listitem').getByRole('button', { name });
const unread = (at: Tab, name: string) => rowOf(at, name).locator('.unread-count');
const log = (at: Tab) => at.frame.getByRole('log');
const hide = (at: Tab, hidden: boolean): Promise<unknown> =>
  at.frame.locator('body').evaluate(
    `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
     document.dispatchEvent(new Event('visibilitychange'))`,
  );

test('N7: each row counts what its customer wrote since it was read', async () => {
  says(lea, 'Where is my parcel?');
  const at = await open();
  await rowOf(at, 'Lea Moreau').click();
  await log(at).getByText('Where is my parcel?').waitFor();
  await rowOf(at, 'Tom Okafor').click();
  says(lea, 'Hello?');
  says(lea, 'Anybody?');
  await expect.poll(() => unread(at, 'Lea Moreau').textContent()).toBe('2');
  expect(await unread(at, 'Lea Moreau').getAttribute('aria-label')).toBe('2 unread');
  expect(await unread(at, 'Tom Okafor').count()).toBe(0);
  await rowOf(at, 'Lea Moreau').click();
  await unread(at, 'Lea Moreau').waitFor({ state: 'detached' });
});

test('what was read in one tab of the browser is read in the other, and neither forgets what the other has read', async () => {
  says(lea, 'Where is my parcel?');
  says(tom, 'Where is mine?');
  const at = await open();
  const page = await at.page.context().newPage();
  await page.goto(at.page.url());
  const other = { ...at, page, frame: page.frameLocator('iframe') };
  await other.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await expect.poll(() => unread(other, 'Lea Moreau').textContent()).toBe('1');
  await rowOf(at, 'Lea Moreau').click();
  await unread(other, 'Lea Moreau').waitFor({ state: 'detached' });
  await rowOf(other, 'Tom Okafor').click();
  await unread(at, 'Tom Okafor').waitFor({ state: 'detached' });
  await page.reload();
  await other.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await rowOf(other, 'Lea Moreau').waitFor();
  expect(await other.frame.locator('.unread-count').count()).toBe(0);
});

test('N7: an agent whose tab was closed reads in one line what happened meanwhile, at the place where it began', async () => {
  says(lea, 'Where is my parcel?');
  const before = await open();
  await rowOf(before, 'Lea Moreau').click();
  await log(before).getByText('Where is my parcel?').waitFor();
  const { page } = before;
  await page.goto('about:blank');
  says(lea, 'Hello?');
  goes('customerGone', 'Lea is gone.');
  goes('customerBack', 'Lea is back.');
  says(lea, 'I am back');
  await page.goto(`${house.url}/host?theme=default`);
  await before.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await expect.poll(() => unread(before, 'Lea Moreau').textContent()).toBe('2');
  await rowOf(before, 'Lea Moreau').click();
  await log(before).getByText('While you were away: 2 messages, Lea left and came back').waitFor();
  const items = await log(before).locator('.item').allTextContents();
  const at = items.findIndex((text) => text.startsWith('While you were away'));
  expect(items[at - 1]).toContain('Where is my parcel?');
  expect(items[at + 1]).toContain('Hello?');
});

test('N7: nothing is read while nobody looks at the tab; whoever comes back to it sees what is new', async () => {
  says(lea, 'Where is my parcel?');
  const at = await open();
  await rowOf(at, 'Lea Moreau').click();
  await log(at).getByText('Where is my parcel?').waitFor();
  await hide(at, true);
  says(lea, 'Hello?');
  await log(at).getByText('Hello?').waitFor();
  await expect.poll(() => unread(at, 'Lea Moreau').textContent()).toBe('1');
  await hide(at, false);
  await log(at).getByText('While you were away: 1 message').waitFor();
  await unread(at, 'Lea Moreau').waitFor({ state: 'detached' });
});

test('N7: an agent who has set themselves away has read nothing by an open tab, and is told when they are back', async () => {
  const at = await open();
  await rowOf(at, 'Lea Moreau').click();
  says(lea, 'Where is my parcel?');
  await log(at).getByText('Where is my parcel?').waitFor();
  const presence = (status: 'away' | 'available') =>
    house.tell('me', { ...MARA, ...house.me, presence: { status, at: house.now() }, now: house.now() });
  presence('away');
  says(lea, 'Hello?');
  await expect.poll(() => unread(at, 'Lea Moreau').textContent()).toBe('1');
  presence('available');
  await log(at).getByText('While you were away: 1 message').waitFor();
  expect(at.complaints).toEqual([]);
});

test('a count is of the customer’s messages alone, answered is read, and an older reading is no number', () => {
  const last = { by: 'customer', text: 'x', at: 1 } as const;
  const row = { ...lea, seq: 9, fromCustomer: 5, lastLine: last };
  expect(unreadIn(row, { [lea.sid]: { seq: 4, said: 2 } })).toBe(3);
  expect(unreadIn(row, { [lea.sid]: { seq: 9, said: 5 } })).toBeUndefined();
  expect(unreadIn({ ...row, lastLine: { ...last, by: 'agent' } }, {})).toBeUndefined();
  expect(unreadIn(row, { [lea.sid]: { seq: 4 } })).toBe('some');
  expect(unreadIn({ ...row, list: 'queue' }, {})).toBeUndefined();
  expect(later({ [lea.sid]: { seq: 4 } }, { [lea.sid]: { seq: 3, said: 1 } })).toEqual({
    [lea.sid]: { seq: 4 },
  });
});

test('N7: what needs no word of an agent is not told them', () => {
  const line = (seq: number, part: Partial<Line>): Line => ({
    ...{
      id: `x:${seq}`,
      sid: lea.sid,
      seq,
      at: seq,
      text: 'x',
      format: 'plain',
      kind: 'message',
      side: 'agent',
    },
    ...part,
  });
  const since = { seq: 1, wasAway: false };
  expect(digestOf([line(2, { by: MARA.id })], since, lea)).toBeUndefined();
  expect(digestOf([line(1, { side: 'customer' })], since, lea)).toBeUndefined();
  expect(digestOf([line(2, { side: 'customer' })], since, lea)).toBe('New: 1 message');
  const notice = (seq: number, code: string) => line(seq, { side: 'house', kind: 'notice', code });
  expect(digestOf([notice(2, 'customerGone'), notice(3, 'expired')], { ...since, wasAway: true }, lea)).toBe(
    'While you were away: Lea left, the chat ended',
  );
});
