import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, JONAS, MARA, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
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
  const at = house.now();
  const rest = { permitted: true, capacity: 5, used: 1, held: 1, seenAt: at - minutes(90) };
  house.supervises([
    { ...MARA, ...rest, presence: { status: 'available', at } },
    { ...JONAS, ...rest, presence: { status: 'away', at, backAt: at + minutes(1_440) } },
  ]);
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
  await house.close();
});

const his = (name: string, part: Parameters<typeof aRow>[1] = {}) => {
  const row = aRow(name, { owner: JONAS, previous: JONAS, ...part });
  house.putAmongAll(row);
  return row;
};
const aside = (name: string, part: Parameters<typeof aRow>[1] = {}) =>
  his(name, { status: 'suspended', list: 'suspended', suspendReason: 'Investigation', ...part });

const dialog = () => tab!.frame.getByRole('dialog', { name: 'Chats of Jonas Weber' });
const items = () => dialog().getByRole('listitem');
const item = (name: string) => items().filter({ hasText: name });
const press = (name: string) => dialog().getByRole('button', { name, exact: true }).click();

/** The supervisor looks at what Jonas has in hand, from the roster. */
const looks = async () => {
  tab ??= await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'All', exact: true }).click();
  await tab.frame.getByText(/^Agents · /u).click();
  await tab.frame.getByRole('button', { name: 'Chats of Jonas Weber' }).press('Enter');
  await dialog().waitFor();
};

test('a day off: a supervisor sees what an agent has set aside first, why, until when, and whose customer waits', async () => {
  const at = house.now();
  his('Active Anton');
  aside('Patient Paula', { suspendedUntil: at + minutes(60) });
  aside('Waiting Wanda', { backBy: at + minutes(120), customerBackAt: at - minutes(4) });
  his('Gone Greta', { status: 'disconnected', goneAt: at - minutes(2), agentHeldUntil: at + minutes(8) });
  await looks();
  await expect.poll(() => items().count()).toBe(4);
  expect(await items().locator('.pick-name').allTextContents()).toEqual([
    'Waiting Wanda',
    'Patient Paula',
    'Active Anton',
    'Gone Greta',
  ]);
  expect(await item('Wanda').textContent()).toMatch(
    /Suspended · Investigation · back by .* · customer waits for 4 min/u,
  );
  expect(await item('Paula').textContent()).toMatch(/kept until .* · customer away/u);
  expect(await item('Greta').textContent()).toMatch(/Gone for 2 min · place held [78]:\d\d/u);
  expect(await dialog().textContent()).toMatch(/Away until .* · 1 of 5 places in use/u);
  expect(tab!.complaints).toEqual([]);
});

test('several are handed on at once with a note, and each row says what came of it', async () => {
  aside('Patient Paula');
  aside('Waiting Wanda', { customerBackAt: house.now() - minutes(4) });
  const tilo = aside('Taken Tilo');
  his('Active Anton');
  await looks();
  await items().first().waitFor();
  // Somebody else is quicker with one of them, and the tab has not heard of it.
  house.quietly({ ...tilo, ver: 2, epoch: 2, owner: MARA, previous: MARA });
  for (const name of ['Paula', 'Wanda', 'Tilo']) await item(name).getByRole('checkbox').check();
  await dialog().getByRole('combobox', { name: 'Hand over to' }).selectOption('agent:tenant:omar');
  await dialog().getByRole('textbox', { name: 'Note' }).fill('He is off until Monday');
  await press('Hand over 3 chats');
  await dialog().getByText('2 of 3 handed over.').waitFor({ state: 'attached' });
  expect(await item('Paula').textContent()).toContain('With Omar Haddad now');
  expect(await item('Wanda').textContent()).toContain('Omar Haddad is being asked');
  expect(await item('Tilo').textContent()).toContain('With Mara Lindt now');
  expect(await item('Anton').getByRole('checkbox').isEnabled()).toBe(true);
  expect(await item('Paula').getByRole('checkbox').isEnabled()).toBe(false);
  expect(house.acts.map(({ act, to, note }) => ({ act, to, note }))).toEqual(
    [1, 2].map(() => ({ act: 'transfer', to: 'agent:tenant:omar', note: 'He is off until Monday' })),
  );
});

test('a row goes on telling where its chat is, and a refusal stands at the one it is about', async () => {
  const wanda = aside('Waiting Wanda', { customerBackAt: house.now() - minutes(4) });
  aside('Patient Paula');
  await looks();
  await items().first().waitFor();
  house.putAmongAll({
    ...wanda,
    ver: 5,
    epoch: 3,
    owner: MARA,
    previous: MARA,
    status: 'active',
    list: 'mine',
  });
  await item('Wanda').getByText('With Mara Lindt now').waitFor();
  await dialog().getByRole('checkbox', { name: 'All 2 chats' }).check();
  await dialog().getByRole('combobox', { name: 'Hand over to' }).selectOption('queue:Returns');
  house.refuseNext(409, 'agentAway', 'Nobody is in that queue.');
  await press('Hand over');
  await item('Paula').getByText('Nobody is in that queue.').waitFor();
  await press('Hand over');
  await item('Paula').getByText('In the queue Returns, for when the customer is back').waitFor();
  expect(house.acts).toHaveLength(1);
});

test('the place kept for a customer is released, and the chat stays to be handed on or read', async () => {
  his('Gone Greta', { status: 'disconnected', goneAt: 1, agentHeldUntil: house.now() + minutes(8) });
  await looks();
  await press('Release the place held for Gone Greta');
  await item('Greta').getByText('Place released').waitFor();
  expect(await item('Greta').textContent()).not.toContain('place held');
  await press('Read the chat with Gone Greta');
  await dialog().waitFor({ state: 'detached' });
  await tab!.frame.getByRole('heading', { name: 'Gone Greta' }).waitFor();
});

test('an agent with nothing in hand, a house that does not answer, and a choice that is missing are said plainly', async () => {
  await looks();
  await dialog().getByText('Jonas has no chat that waits for them.').waitFor();
  await press('Done');
  aside('Patient Paula');
  aside('Waiting Wanda');
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'All', exact: true }).click();
  await tab.frame.getByText(/^Agents · /u).click();
  house.cut();
  await tab.frame.getByRole('button', { name: 'Chats of Jonas Weber' }).click();
  await dialog().getByText('There is no connection.').waitFor();
  house.mend();
  await press('Try again');
  await press('Hand over');
  await dialog().getByRole('alert').getByText('Choose a chat first.').waitFor();
  await item('Paula').getByRole('checkbox').check();
  await press('Hand over');
  await dialog().getByRole('alert').getByText('Choose whom to hand it over to.').waitFor();
});

test('of a single chat there is nothing to choose but where it goes', async () => {
  aside('Patient Paula');
  await looks();
  await dialog().getByRole('combobox', { name: 'Hand over to' }).selectOption('agent:tenant:omar');
  await press('Hand over');
  await item('Paula').getByText('With Omar Haddad now').waitFor();
});
