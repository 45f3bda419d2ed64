import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab;
const lea = aRow('Lea Moreau');

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
  house.put(lea);
  house.say(lea.sid, { text: 'Where is my parcel?' });
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await tab.frame.getByRole('listitem').getByRole('button', { name: 'Lea Moreau' }).click();
  await tab.frame.getByRole('log').getByText('Where is my parcel?').waitFor();
});
afterEach(async () => {
  await tab.close();
  await house.close();
});

const writing = () => tab.frame.getByText('Lea is writing…');
const message = () => tab.frame.getByRole('textbox', { name: 'Message' });

test('row 85: that Lea is writing is shown, and goes by itself when nothing comes of it', async () => {
  house.types(lea.sid);
  await writing().waitFor();
  await writing().waitFor({ state: 'hidden' });
  expect(tab.complaints).toEqual([]);
});

test('row 85: what Lea was writing goes with her line, and a late word of it does not bring it back', async () => {
  const at = house.now();
  house.types(lea.sid, at);
  await writing().waitFor();
  house.say(lea.sid, { text: 'It is late' });
  await writing().waitFor({ state: 'hidden' });
  house.types(lea.sid, at);
  house.say(lea.sid, { text: 'Anything heard?' });
  await tab.frame.getByRole('log').getByText('Anything heard?').waitFor();
  expect(await writing().isVisible()).toBe(false);
});

test('row 85: an agent’s typing is told once in a while; a comment, a slash and an empty box are not', async () => {
  await tab.frame.getByRole('button', { name: 'Add comment', exact: true }).click();
  await message().pressSequentially('Only us');
  await message().fill('');
  await tab.frame.getByRole('button', { name: 'Add comment', exact: true }).click();
  await message().pressSequentially('/li');
  await message().fill('');
  await message().pressSequentially('I look');
  await expect.poll(() => house.typed).toEqual([lea.sid]);
});
