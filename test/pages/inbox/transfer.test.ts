import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, JONAS, MARA, type FakeHouse } from './fake-house.ts';
import { aQueuedRow, aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
  await house.close();
});

const dialog = () => tab.frame.getByRole('dialog');
const press = (name: string) => tab.frame.getByRole('button', { name, exact: true }).click();
const shoot = async (name: string): Promise<void> => {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await tab.page.screenshot({ path: `${folder}/${name}.png` });
};

test('row 77: an agent looks for a colleague, writes a note, and hands the chat over without the mouse', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await press('Transfer');
  await dialog().getByRole('searchbox', { name: 'Search' }).pressSequentially('jon');
  expect(await dialog().getByRole('radio').filter({ visible: true }).count()).toBe(1);
  await tab.page.keyboard.press('Enter');
  expect(
    await dialog()
      .getByRole('radio', { name: /Jonas Weber/u })
      .isChecked(),
  ).toBe(true);
  await dialog().getByRole('textbox', { name: 'Note' }).fill('Wants the depot manager');
  await shoot('transfer');
  await dialog().getByRole('button', { name: 'Transfer' }).click();
  await expect
    .poll(() => house.acts)
    .toMatchObject([{ act: 'transfer', to: `agent:${JONAS.id}`, note: 'Wants the depot manager' }]);
  await tab.frame.getByText('Jonas is being asked').waitFor();
});

test('row 77: who is away cannot be chosen, and a queue can', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid, theme: 'dark', width: 320, height: 800 });
  await press('Transfer');
  expect(
    await dialog()
      .getByRole('radio', { name: /Nele Brandt/u })
      .isDisabled(),
  ).toBe(true);
  await dialog().getByRole('button', { name: 'Transfer' }).click();
  await dialog().getByText('Choose a colleague or a queue.').waitFor();
  await dialog()
    .getByRole('radio', { name: /Returns/u })
    .check();
  await shoot('transfer-narrow');
  await dialog().getByRole('button', { name: 'Transfer' }).click();
  await expect.poll(() => house.acts).toMatchObject([{ act: 'transfer', to: 'queue:Returns' }]);
});

test('row 77: who is asked to take over reads who asks and why, and accepts or passes', async () => {
  const lea = aRow('Lea Moreau', {
    ...{ status: 'resuming', from: JONAS, note: 'Knows you', offeredUntil: Date.now() + 60_000 },
  });
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await tab.frame.getByText('Jonas asks you to take over Lea').waitFor();
  await tab.frame.getByRole('listitem').getByText('Jonas hands over: Knows you').waitFor();
  await tab.frame
    .locator('.banner-text')
    .getByText(/Knows you/u)
    .waitFor();
  await shoot('asked');
  await press('Accept');
  await expect.poll(() => house.acts).toMatchObject([{ act: 'accept' }]);
});

test('row 32: whoever passes may say why, for colleagues alone', async () => {
  const lea = aQueuedRow('Lea Moreau', Date.now());
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await press('Decline');
  await dialog().getByRole('radio', { name: 'Other', exact: true }).check();
  await dialog().getByRole('textbox', { name: 'Other reason' }).fill('Speaks only Finnish');
  await shoot('decline');
  await dialog().getByRole('button', { name: 'Decline' }).click();
  await expect.poll(() => house.acts).toMatchObject([{ act: 'decline', reason: 'Speaks only Finnish' }]);
});

test('B6, row 76: asking a colleague into a chat that is set aside resumes it', async () => {
  const lea = aRow('Lea Moreau', {
    status: 'suspended',
    list: 'suspended',
    suspendedUntil: Date.now() + 9e6,
  });
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await press('Conference');
  await dialog()
    .getByRole('radio', { name: /Jonas Weber/u })
    .check();
  await shoot('conference');
  await dialog().getByRole('button', { name: 'Confirm' }).click();
  await expect.poll(() => house.acts).toMatchObject([{ act: 'invite', guest: JONAS.id }]);
  await tab.frame.getByText(/with Jonas Weber \(asked\) · .*active/u).waitFor();
  await press('Conference');
  await dialog()
    .getByRole('radio', { name: /take the question back/u })
    .check();
  await dialog().getByRole('button', { name: 'Confirm' }).click();
  await expect.poll(() => house.acts.at(-1)).toMatchObject({ act: 'removeGuest', guest: JONAS.id });
});

test('row 76: the list tells whom a colleague asks in', async () => {
  house.put(aRow('Lea Moreau', { owner: JONAS, previous: JONAS, guests: [{ ...MARA, joined: false }] }));
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await tab.frame.getByRole('listitem').getByText('Jonas asks you into this chat').waitFor();
});

test('row 76: who was asked in joins, writes, and leaves alone', async () => {
  const guests = [{ ...MARA, joined: false }];
  const lea = aRow('Lea Moreau', { owner: JONAS, previous: JONAS, guests });
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await tab.frame.locator('.banner').getByText('Jonas asks you into this chat').waitFor();
  await shoot('asked-in');
  await press('Join');
  await tab.frame.getByRole('textbox', { name: 'Message' }).fill('Hello from Mara');
  await press('Send');
  await expect.poll(() => house.acts.map(({ act }) => act)).toEqual(['join', 'message']);
  expect(await tab.frame.getByRole('button', { name: 'Close', exact: true }).count()).toBe(0);
  await press('Leave');
  await expect.poll(() => house.acts.at(-1)?.act).toBe('leave');
});

test('whoever goes away with chats says of each what becomes of it, and goes', async () => {
  house.put(aRow('Lea Moreau'));
  house.put(aRow('Ida Nord', { status: 'disconnected', agentHeldUntil: Date.now() + 600_000 }));
  house.put(aRow('Tom Ek', { status: 'suspended', list: 'suspended', suspendedUntil: Date.now() + 9e6 }));
  tab = await openTab(browser, house);
  await tab.frame.getByRole('button', { name: /Available/u }).click();
  await tab.frame.getByRole('menuitemradio', { name: 'Away' }).click();
  await dialog().getByRole('combobox', { name: 'Ida Nord' }).selectOption('Release to the queue');
  await dialog().getByRole('combobox', { name: 'Tom Ek' }).selectOption('Hand over');
  await dialog().getByRole('combobox', { name: 'Hand over to' }).selectOption({ index: 0 });
  await shoot('leaving');
  await dialog().getByRole('button', { name: 'Set away' }).click();
  await expect
    .poll(() => house.acts.map(({ act, sid }) => `${act} ${sid.split('.')[1] ?? ''}`).toSorted())
    .toEqual(['releaseHold IdaNord0', 'suspend LeaMoreau', 'transfer TomEk000']);
  await tab.frame.getByRole('button', { name: /^Away/u }).waitFor();
});
