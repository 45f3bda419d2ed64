import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
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
  await tab.close();
  await house.close();
});
const press = (name: string) => tab.frame.getByRole('button', { name, exact: true }).click();
const dialog = () => tab.frame.getByRole('dialog');
const saves = (name: string) => dialog().getByRole('button', { name, exact: true }).click();

test('row 38: the list tells why a chat was set aside, and counts down to when its agent is back or it ends', async () => {
  const lastLine = { by: 'agent', text: 'I look it up', at: 1 } as const;
  const aside = { list: 'suspended', status: 'suspended', suspendReason: 'Investigation', lastLine } as const;
  const suspendedUntil = house.now() + 7_500_000;
  house.put(aRow('Lea Moreau', { ...aside, suspendedUntil, backBy: house.now() + 600_000 }));
  house.put(aRow('Noor Haddad', { ...aside, suspendedUntil }));
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'Suspended', exact: true }).click();
  const row = (name: string) => tab.frame.getByRole('listitem').filter({ hasText: name });
  await expect
    .poll(() => row('Lea').textContent())
    .toMatch(/due (10:00|9:\d\d)Investigation · You: I look it up/u);
  expect(await row('Noor').textContent()).toMatch(/kept 2 h [45] minInvestigation/u);
});

test('row 38: an agent is offered the reasons of the work stream, and changes the one given while it is set aside', async () => {
  house.terms = { ...house.terms, suspendReasons: ['Investigation', 'Waiting for the depot'] };
  const lea = aRow('Lea Moreau');
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await press('Suspend');
  await dialog().getByRole('radio', { name: 'Waiting for the depot' }).check();
  await saves('Suspend');
  await press('Edit');
  expect(await dialog().getByRole('radio', { name: 'Waiting for the depot' }).isChecked()).toBe(true);
  await dialog().getByRole('radio', { name: 'Other' }).check();
  await dialog().getByRole('textbox', { name: 'Other reason' }).fill('The depot is closed');
  await saves('Save');
  await tab.frame.getByText('The depot is closed').first().waitFor();
  expect(house.acts.map(({ act, reason }) => [act, reason])).toEqual([
    ['suspend', 'Waiting for the depot'],
    ['editSuspension', 'The depot is closed'],
  ]);
  expect(house.rows.get(lea.sid)?.status).toBe('suspended');
});

test('row 47: an agent who sets aside a chat in which the customer wrote last is warned, and may all the same', async () => {
  const lea = aRow('Lea Moreau', { lastLine: { by: 'customer', text: 'And now?', at: 1 } });
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await press('Suspend');
  await dialog().getByText('Lea wrote last and has no answer yet.').waitFor();
  await saves('Suspend');
  await tab.frame.getByText('Mara set the chat aside', { exact: true }).waitFor();
});

test('an agent sets a chat aside and sends the link with it, in one act', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  await press('Suspend');
  await dialog().getByRole('checkbox', { name: 'Send a reconnect link with it' }).check();
  await saves('Suspend');
  await tab.frame.getByText('Mara set the chat aside', { exact: true }).waitFor();
  expect(house.acts).toMatchObject([{ act: 'suspend', link: true }]);
});

test('B5: whatever the agent does there, the list goes along, though the news come before the answer, or instead of it', async () => {
  const lea = aRow('Lea Moreau', { status: 'suspended', list: 'suspended' });
  house.put(lea);
  tab = await openTab(browser, house, { sub: lea.sid });
  const list = (name: string) => tab.frame.getByRole('tab', { name, exact: true });
  await list('Suspended').click();
  await tab.frame.getByRole('textbox', { name: 'Message' }).fill('Back again');
  // The answer is lost: until the agent tries again, only the news tell what came of it.
  house.giveUpNextAnswer();
  await press('Send');
  await expect.poll(() => house.acts.length).toBe(1);
  house.change(lea.sid, { status: 'active', list: 'mine' });
  await expect.poll(() => list('Mine').getAttribute('aria-selected')).toBe('true');
});

test('B7: what resumes elsewhere leaves the agent in the list they look at', async () => {
  const [lea, tom] = [aRow('Lea Moreau'), aRow('Tomasz Kowal')].map((row) => ({
    ...row,
    ...{ status: 'suspended' as const, list: 'suspended' as const },
  }));
  house.put(lea!);
  house.put(tom!);
  tab = await openTab(browser, house, { sub: lea!.sid });
  const list = (name: string) => tab.frame.getByRole('tab', { name, exact: true });
  await list('Suspended').click();
  house.change(lea!.sid, { status: 'active', list: 'mine' });
  await tab.frame.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
  expect(await list('Suspended').getAttribute('aria-selected')).toBe('true');
});
