import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { piecesOf } from '../../../src/pages/inbox/state/window.ts';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, JONAS, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await tab.close();
  await house.close();
});

const name = (i: number): string => `Customer ${String(i).padStart(5, '0')}`;
const rowOf = (i: number) => tab.frame.getByRole('button', { name: new RegExp(name(i), 'u') });
const LIST = '.row-list';

async function openWith(count: number): Promise<void> {
  house = await fakeHouse();
  for (let i = 1; i <= count; i += 1)
    house.put(aRow(name(i), { at: count - i, status: 'closed', list: 'closed', endedAt: 1 }));
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'Closed', exact: true }).click();
  await rowOf(1).waitFor();
}

/** Asks the tab's own page about its list, `rows`. */
const inTab = (ask: string): Promise<unknown> => {
  const inbox = tab.page.frames().find((frame) => frame.url().endsWith('/inbox/'));
  if (inbox === undefined) throw new Error('The inbox is not there');
  return inbox.evaluate(`((rows) => ${ask})(document.getElementById('rows'))`);
};
const scrolled = (to: string): Promise<unknown> => inTab(`rows.scrollTo(0, ${to})`);

/** Scrolls to the end, and waits for what that loads. */
async function scrollsOn(loaded: number): Promise<void> {
  await scrolled('rows.scrollHeight');
  await expect.poll(() => inTab('rows.scrollHeight / 60')).toBeGreaterThan(loaded + 49);
}

test('an agent scrolls through 10,000 closed chats: what was not looked at is not loaded, what is out of sight not drawn', async () => {
  await openWith(10_000);
  const asked: string[] = [];
  tab.page.on('request', (request) => asked.push(request.url()));
  const list = tab.frame.locator(LIST);
  for (let loaded = 50; loaded <= 400; loaded += 50) await scrollsOn(loaded);
  expect(await list.locator('.row').count()).toBeLessThan(120);
  expect(asked.filter((url) => url.includes('/api/inbox/closed')).length).toBeLessThan(20);
  await scrolled('200 * 60');
  await rowOf(205).waitFor();
});

test('keys lead on beyond what is drawn, and tell where in the list one is', async () => {
  await openWith(150);
  for (let loaded = 50; loaded < 150; loaded += 50) await scrollsOn(loaded);
  await scrolled('0');
  await rowOf(1).focus();
  await tab.page.keyboard.press('End');
  await tab.frame.locator('.row:focus', { hasText: name(150) }).waitFor();
  await tab.page.keyboard.press('ArrowUp');
  await tab.frame.locator('.row:focus', { hasText: name(149) }).waitFor();
  expect(await tab.frame.locator('li:has(.row:focus)').getAttribute('aria-posinset')).toBe('149');
  await tab.page.keyboard.press('Home');
  await tab.frame.locator('.row:focus', { hasText: name(1) }).waitFor();
});

test('a supervisor’s day of 1,000 chats is drawn where they look, and keys lead through it', async () => {
  house = await fakeHouse();
  house.supervises([]);
  for (let i = 1; i <= 1_000; i += 1)
    house.putAmongAll(
      aRow(name(i), { owner: JONAS, previous: JONAS, at: 1_000 - i, status: 'closed', list: 'closed' }),
    );
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'All', exact: true }).click();
  const list = tab.frame.getByRole('list', { name: 'All' });
  const among = (i: number) => list.getByRole('button', { name: name(i) });
  await among(1).focus();
  expect(await list.locator('.row').count()).toBeLessThan(120);
  await tab.page.keyboard.press('End');
  await list.locator('.row:focus', { hasText: name(1_000) }).waitFor();
  await among(990).waitFor();
  expect(await list.locator('.row').count()).toBeLessThan(120);
  await tab.page.keyboard.press('Home');
  await list.locator('.row:focus', { hasText: name(1) }).waitFor();
});

test('a long list is as high as if all of it were there', () => {
  const sight = { top: 60 * 5_000, height: 600, rowHeight: 60 };
  const pieces = piecesOf(10_000, sight, [3, 9_999]);
  const height = pieces.reduce((sum, piece) => sum + ('gap' in piece ? piece.gap : 1), 0);
  expect(height).toBe(10_000);
  expect(pieces).toContainEqual({ row: 3 });
  expect(pieces).toContainEqual({ row: 9_999 });
  expect(pieces.filter((piece) => 'row' in piece).length).toBeLessThan(60);
});

test('an agent whose window is higher than a page of the list sees more than that page', async () => {
  await openWith(140);
  await tab.page.setViewportSize({ width: 1_366, height: 9_000 });
  await rowOf(140).waitFor();
});
