import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';
import { listed, readsOnce } from './whole.ts';

const MINUTE = 60_000;
const SAID = ['agent', 'My parcel is late', 'I am looking'];

let browser: Browser;
let house: RunningHouse;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  for (const one of browser.contexts()) await one.close();
  await house.close();
});

/** In a browser of their own, talking with Jonas, who has set the chat aside since. */
const setAside = async (jonas: Agent): Promise<Customer> => {
  const customer = await customerAt(await browser.newContext(), `${house.origin}/`);
  await jonas.list('Queue');
  await talk(customer, jonas);
  await jonas.does('Suspend');
  const dialog = jonas.tab.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Investigation' }).check();
  await dialog.getByRole('button', { name: 'Suspend', exact: true }).click();
  await customer.statusIs(/Waiting for Jonas/u);
  return customer;
};

it('a day off: what Jonas has set aside is kept while he goes, and a supervisor hands it on where its customers find it', async () => {
  const [jonas, amira, tomas] = await Promise.all(
    ([1, 2, 3] as const).map((n) => agentAt(browser, house.origin, n)),
  );
  if (jonas === undefined || amira === undefined || tomas === undefined)
    throw new Error('Somebody is missing');
  const lea = await setAside(jonas);
  const tom = await setAside(jonas);
  const toms = tom.page.context();
  await tom.page.close();
  for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);

  // Going for a day, Jonas is asked what becomes of them; he keeps both.
  await jonas.tab.getByRole('button', { name: /of 5/u }).click();
  await jonas.tab.getByRole('menuitemradio', { name: 'Away' }).click();
  const leaving = jonas.tab.getByRole('dialog', { name: 'Away with 2 chats' });
  expect(await leaving.textContent()).toMatch(/Suspended · Investigation · kept until .* · customer away/u);
  await leaving.getByRole('button', { name: 'Tomorrow 9:00' }).click();
  await leaving.getByRole('button', { name: 'Set away' }).click();
  await jonas.sees(/^Away until tomorrow 09:00/u);
  expect(await listed(jonas, 'Suspended', 2)).toHaveLength(2);

  // Tomás finds them by Jonas's name, and gives both to Amira.
  await tomas.tab.getByRole('tab', { name: 'All', exact: true }).click();
  await tomas.tab.getByText(/^Agents · /u).click();
  await tomas.tab.getByRole('button', { name: 'Chats of Jonas Weber' }).click();
  const his = tomas.tab.getByRole('dialog', { name: 'Chats of Jonas Weber' });
  await his.getByText(/^Away until tomorrow 09:00/u).waitFor();
  const rows = his.getByRole('listitem');
  await expect.poll(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toMatch(
    /Suspended · Investigation · back by .* · customer waits/u,
  );
  await his.getByRole('checkbox', { name: 'All 2 chats' }).check();
  await his
    .getByRole('combobox', { name: 'Hand over to' })
    .selectOption({ label: 'Amira Haddad (Available · 0 of 5 chats)' });
  await his.getByRole('textbox', { name: 'Note' }).fill('Jonas is off until tomorrow');
  await his.getByRole('button', { name: 'Hand over 2 chats' }).click();
  await rows.filter({ hasText: 'Amira Haddad is being asked' }).waitFor();
  await rows.filter({ hasText: 'With Amira Haddad now' }).waitFor();

  // Who is here is asked for by Amira's own word; the row tells it on.
  await amira.list('Mine');
  await amira.open(/Tomás hands over: Jonas is off until tomorrow/u);
  await amira.sees(/Jonas is off until tomorrow/u);
  await amira.does('Accept');
  await lea.statusIs(/Connected with Amira/u);
  await expect.poll(() => rows.filter({ hasText: 'With Amira Haddad now' }).count()).toBe(2);
  expect(await listed(jonas, 'Suspended', 0)).toEqual([]);

  // Who was gone comes back to Amira, with everything said.
  expect(await listed(amira, 'Suspended', 1)).toHaveLength(1);
  const again = await customerAt(toms, `${house.origin}/`);
  await again.button('Continue with Amira').click();
  await again.statusIs(/Waiting for Amira/u);
  await readsOnce(again, SAID);
  await amira.list('Suspended');
  await amira.open('I am looking');
  await amira.sees(/Jonas is off until tomorrow/u);
  await amira.says('I have it now');
  await again.sees('I have it now');
  expect([...lea.complaints, ...jonas.complaints, ...amira.complaints, ...tomas.complaints]).toEqual([]);
}, 180_000);
