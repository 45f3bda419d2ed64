import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, JONAS, MARA, type FakeHouse } from './fake-house.ts';
import { aQueuedRow, aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;
const minutes = (n: number) => n * 60_000;

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

const open = async () => (tab = await openTab(browser, house));
const all = () => tab!.frame.getByRole('tab', { name: 'All', exact: true });
const rows = () => tab!.frame.getByRole('list', { name: 'All' }).getByRole('listitem');
const agent = (who: typeof MARA, part: object = {}) => ({
  ...{ ...who, permitted: true, presence: { status: 'available' as const, at: 1 } },
  ...{ capacity: 5, used: 2, held: 1, seenAt: house.now() - minutes(3), ...part },
});

test('an agent who is no supervisor has no list of all', async () => {
  await open();
  expect(await all().count()).toBe(0);
});

test('a supervisor sees every chat and whose it is, who owes an answer first, and reads it', async () => {
  house.supervises([agent(MARA), agent(JONAS, { presence: { status: 'away', at: 1 }, used: 6 })]);
  const lastLine = { by: 'customer' as const, text: 'Hello?', at: house.now() - minutes(7) };
  house.putAmongAll(aQueuedRow('Noor Haddad', house.now()));
  house.putAmongAll(aRow('Tomasz Kowal', { owner: JONAS, previous: JONAS, lastLine }));
  await open();
  await all().click();
  await expect.poll(() => rows().count()).toBe(2);
  expect(await rows().first().textContent()).toMatch(/Tomasz Kowal.*owes an answer for 7 min.*Jonas Weber/u);
  await tab!.frame.getByText('Agents · 1 of 2 on').click();
  const jonas = tab!.frame.getByRole('row', { name: /Jonas Weber/ });
  expect(await jonas.textContent()).toMatch(/Away6 of 513 min/u);
  await rows().first().getByRole('button').click();
  await tab!.frame.getByRole('heading', { name: 'Tomasz Kowal' }).waitFor();
  expect(await tab!.frame.getByRole('textbox', { name: 'Message' }).isVisible()).toBe(false);
  expect(tab!.complaints).toEqual([]);
});

test('who promised to be back and is late stands with those who owe an answer', async () => {
  house.supervises([]);
  house.putAmongAll(aQueuedRow('Noor Haddad', house.now()));
  const late = { status: 'suspended', list: 'suspended', overdueAt: house.now() - minutes(12) } as const;
  house.putAmongAll(aRow('Tomasz Kowal', { owner: JONAS, previous: JONAS, ...late }));
  await open();
  await all().click();
  await expect
    .poll(() => rows().first().textContent())
    .toMatch(/Tomasz Kowal.*late for 12 min · suspended · Jonas/u);
});

test('what changes appears there by itself, and the chat that is read goes along', async () => {
  house.supervises([agent(JONAS)]);
  const tom = aRow('Tomasz Kowal', { owner: JONAS, previous: JONAS });
  house.putAmongAll(tom);
  await open();
  await all().click();
  await rows().first().getByRole('button').click();
  house.putAmongAll({ ...tom, ver: 2, status: 'closed', list: 'closed', endedAt: house.now() });
  await expect.poll(() => rows().first().textContent()).toContain('closed');
  await tab!.frame.getByText('Closed', { exact: true }).last().waitFor();
  house.putAmongAll(aRow('Lea Moreau'));
  await expect.poll(() => rows().count()).toBe(2);
});

test('a supervisor who looks on sees an agent go away', async () => {
  house.supervises([agent(MARA), agent(JONAS)]);
  await open();
  await all().click();
  await tab!.frame.getByText('Agents · 2 of 2 on').waitFor();
  house.supervises([agent(MARA), agent(JONAS, { presence: { status: 'away', at: 2 } })]);
  await tab!.frame.getByText('Agents · 1 of 2 on').waitFor();
});

test('keys lead to the list of all, and another list leaves it', async () => {
  house.supervises([]);
  await open();
  await tab!.frame.getByRole('tab', { name: 'Queue', exact: true }).focus();
  await tab!.page.keyboard.press('ArrowLeft');
  await expect.poll(() => all().getAttribute('aria-selected')).toBe('true');
  await tab!.frame.getByRole('combobox', { name: 'Work stream' }).waitFor();
  await tab!.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await expect.poll(() => all().getAttribute('aria-selected')).toBe('false');
});

test('row 35: a supervisor says how many chats an agent is offered, from the keyboard, where the roster shows it', async () => {
  house.supervises([agent(MARA), agent(JONAS, { used: 6 })]);
  const { frame } = await open();
  await all().click();
  await frame.getByText('Agents · 2 of 2 on').click();
  const limit = (taken: string) =>
    frame.getByRole('button', { name: `${taken} chats, change how many Jonas Weber is offered` });
  await limit('6 of 5').press('Enter');
  const field = frame.getByRole('spinbutton', { name: 'Chats at a time' });
  expect(await field.inputValue()).toBe('5');
  await field.fill('0');
  await field.press('Enter');
  await frame.getByRole('alert').getByText('Say a whole number from 1 to 100.').waitFor();
  await field.fill('8');
  await field.press('Enter');
  await limit('6 of 8').waitFor();
  expect(await frame.locator(':focus').textContent()).toBe('6 of 8');
  expect(await frame.getByRole('row', { name: /Mara Lindt/ }).textContent()).toContain('2 of 5');
  expect(tab!.complaints).toEqual([]);
});
