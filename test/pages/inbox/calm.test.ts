import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
  await house.close();
});

const open = async (options: Parameters<typeof openTab>[2] = {}) =>
  (tab = await openTab(browser, house, options));
const transcript = () => tab!.frame.getByRole('log', { name: 'Transcript' });
const details = () => tab!.frame.getByRole('complementary', { name: 'Details' });
const told = (code: 'customerGone' | 'customerBack', cause?: string) => {
  const text = code === 'customerGone' ? 'Lea is gone.' : 'Lea is back.';
  house.say(lea.sid, { side: 'house', kind: 'notice', code, text, ...(cause !== undefined && { cause }) });
};
const lea = aRow('Lea Moreau');

test('N18: a customer who comes and goes six times is one line, which says how often, why last, and how it stands', async () => {
  house.put(lea);
  house.say(lea.sid, { text: 'Hello?' });
  await open({ sub: lea.sid });
  for (let i = 0; i < 6; i++) {
    told('customerGone', i === 5 ? 'phone' : 'silent');
    if (i === 5)
      await transcript().getByText('Lea is gone · gone 6 times · probably a locked phone').waitFor();
    told('customerBack');
  }
  await transcript().getByText('Lea is back · gone 6 times · probably a locked phone').waitFor();
  expect(await transcript().locator('.item.notice').count()).toBe(1);
  expect(await details().getByText('Lea is gone.').count()).toBe(6);
  expect(await tab!.frame.getByRole('button', { name: 'New messages' }).isVisible()).toBe(false);
});

test('the exact times of every coming and going are a press away, and stay so while there are more', async () => {
  house.put(lea);
  await open({ sub: lea.sid });
  told('customerGone', 'silent');
  told('customerBack');
  const line = transcript().locator('summary');
  await line.waitFor();
  await expect.poll(() => line.getAttribute('title')).toMatch(/^\d\d:\d\d:\d\d gone\n\d\d:\d\d:\d\d back$/u);
  await line.focus();
  await tab!.page.keyboard.press('Enter');
  expect(await transcript().getByRole('listitem').count()).toBe(2);
  told('customerGone', 'silent');
  await transcript().getByText('Lea is gone · gone 2 times · probably a lost connection').waitFor();
  expect(await transcript().getByRole('listitem').count()).toBe(3);
  await tab!.frame.locator('summary:focus').waitFor();
});

test('whoever reads further up is not told of new messages when somebody only comes and goes', async () => {
  house.put(lea);
  for (let i = 1; i <= 40; i++) house.say(lea.sid, { text: `line ${i}` });
  told('customerGone', 'silent');
  await open({ sub: lea.sid });
  await transcript().getByText('Lea is gone.').waitFor();
  const scroller = tab!.frame.locator('.log');
  await scroller.evaluate((element: { scrollTop: number }) => {
    element.scrollTop = 0;
  });
  told('customerBack');
  await transcript().getByText('Lea is back · was gone').waitFor({ state: 'attached' });
  expect(await tab!.frame.getByRole('button', { name: 'New messages' }).isVisible()).toBe(false);
  house.say(lea.sid, { text: 'line 41' });
  await tab!.frame.getByRole('button', { name: 'New messages' }).waitFor();
});

test('N16: a visitor nobody vouches for is marked in list, head and details, until they sign in', async () => {
  const { name: _, ...rest } = aRow('Visitor 81-204');
  const visitor = { ...rest, name: 'Visitor 81-204', verified: false };
  house.put(visitor);
  await open({ sub: visitor.sid });
  const head = tab!.frame.getByRole('main').getByText('not verified', { exact: true });
  const inRow = tab!.frame.getByRole('listitem').getByText('not verified', { exact: true });
  await tab!.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await head.waitFor();
  await inRow.waitFor();
  await details().getByText('not verified', { exact: true }).waitFor();
  house.change(visitor.sid, { verified: true, name: 'Lea Moreau', epoch: 2 });
  await head.waitFor({ state: 'hidden' });
  await inRow.waitFor({ state: 'detached' });
  await details().getByText('verified', { exact: true }).waitFor();
  await details().getByText('Lea Moreau').waitFor();
  await tab!.frame.getByRole('heading', { name: 'Lea Moreau' }).waitFor();
});

test('B26, rows 63, 64: who the customer is stays in sight through suspend and resume, with every marker', async () => {
  house.put(lea);
  await open({ sub: lea.sid });
  told('customerGone', 'phone');
  told('customerBack');
  const press = (name: string) => tab!.frame.getByRole('button', { name, exact: true }).click();
  const who = async () => (await details().locator('dl').innerText()).replaceAll(/\s+/gu, ' ');
  await details().getByText('Phone, Safari').waitFor();
  const before = await who();
  expect(before).toMatch(/Name Lea Moreau verified .*Device Phone, Safari/u);
  await press('Suspend');
  await tab!.frame.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click();
  await details().getByText('Mara set the chat aside').waitFor();
  expect(await who()).toBe(before);
  await press('Resume');
  await details().getByText('The chat goes on').waitFor();
  expect(await who()).toBe(before);
  expect(await details().getByRole('listitem').locator('span').allTextContents()).toEqual([
    'The chat goes on',
    'Mara set the chat aside',
    'Lea is back.',
    'Lea is gone.',
  ]);
});

test('N7: a customer who came back once is told of with how long they were gone, and what they are on now', async () => {
  house.put(lea);
  await open({ sub: lea.sid });
  house.say(lea.sid, {
    side: 'house',
    kind: 'notice',
    code: 'customerGone',
    cause: 'silent',
    text: 'Lea is gone.',
  });
  const back = { awayMs: 14 * 60_000, device: 'phone' } as const;
  house.say(lea.sid, { side: 'house', kind: 'notice', code: 'customerBack', text: 'Lea is back.', ...back });
  await transcript()
    .getByText('Lea is back · was gone for 14 min · probably a lost connection · now on a phone')
    .waitFor();
});
