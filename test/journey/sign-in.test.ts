import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, leaves, talk, type Agent, type Customer } from './people.ts';
import { comings, isAskedNothing, listed, readsOnce } from './whole.ts';

const MINUTE = 60_000;

let browser: Browser;
let house: RunningHouse;
let context: BrowserContext;
let jonas: Agent;
let lea: Customer;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openHouse();
  context = await browser.newContext();
  jonas = await agentAt(browser, house.origin, 1);
  lea = await customerAt(context, `${house.origin}/`);
  await talk(lea, jonas);
});
afterEach(async () => {
  for (const one of browser.contexts()) await one.close();
  await house.close();
});

const SAID = ['agent', 'My parcel is late', 'I am looking'];

/** Another browser, where `person` is signed in on the site already. */
const browserOf = async (person?: string): Promise<BrowserContext> => {
  const own = await browser.newContext();
  if (person !== undefined)
    await own.addInitScript({ content: `localStorage.setItem('site-person', '${person}')` });
  return own;
};
const arrive = (at: BrowserContext, url = `${house.origin}/`): Promise<Customer> => customerAt(at, url);
const signs = (page: Customer, person: 'lea' | 'tomasz' | ''): Promise<unknown> =>
  page.page.locator('#site-person').selectOption(person);
const menu = async (page: Customer, item: string): Promise<void> => {
  await page.page.getByRole('button', { name: 'More', exact: true }).click();
  await page.page.locator('#menu').getByRole('button', { name: item, exact: true }).click();
};

/** The link that Jonas gives now. */
const given = async (): Promise<string> => {
  await jonas.does('Send reconnect link');
  const shown = lea.page.getByText(/https?:\/\/\S+#rt1_\S+/u).last();
  await shown.waitFor();
  return /https?:\/\/\S+#rt1_[\w.-]+/u.exec(await shown.innerText())?.[0] ?? '';
};
/** Whoever is at this browser now is nobody the house knows. */
const isNobody = async (at: BrowserContext): Promise<void> => {
  const next = await arrive(at);
  await next.sees('Hello!');
  // At most, a chat of their own with the bot.
  expect(await next.button(/^(Continue|Anyone)/u).count()).toBe(0);
  expect((await next.lines()).filter((line) => SAID.includes(line))).toEqual([]);
  await next.page.close();
};
/** The chat goes on, from a browser that has nothing but the link. */
const leadsBack = async (url: string, at: BrowserContext): Promise<void> => {
  await jonas.says('It is still here');
  const back = await arrive(at, url);
  await back.button('Continue with Jonas').click();
  await back.statusIs(/Connected with Jonas/u);
  await readsOnce(back, [...SAID, 'It is still here']);
  await back.says('Here I am');
  await jonas.sees('Here I am');
};

describe('a customer who signs in while chatting (N16, row 92)', { timeout: 120_000 }, () => {
  it('keeps the chat: no drop, no prompt, and the agent sees at once who it is', async () => {
    await signs(lea, 'lea');
    await lea.page.getByText('You are signed in. Your chat goes on.').waitFor();
    await jonas.sees(/has signed in as Lea Moreau/u);
    await jonas.does('Details');
    const details = jonas.tab.getByRole('complementary', { name: 'Details' });
    await details.getByText('Lea Moreau', { exact: true }).waitFor();
    await details.getByText('verified', { exact: true }).waitFor();
    await jonas.does('Hide details');

    await lea.statusIs(/Connected with Jonas/u);
    await lea.says('It is me');
    await jonas.sees('It is me');
    await jonas.says('Hello Lea');
    await lea.sees('Hello Lea');
    for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);
    await jonas.says('Still there?');
    await lea.sees('Still there?');
    const said = [...SAID, 'It is me', 'Hello Lea', 'Still there?'];
    await readsOnce(lea, said);
    await isAskedNothing(lea);
    expect(await comings(jonas)).toEqual([]);
    expect(await listed(jonas, 'Mine', 1)).toEqual(['Lea Moreau']);
    expect([...lea.complaints, ...jonas.complaints]).toEqual([]);
  });

  it('loads the page again as the one who signed in, and is asked nothing', async () => {
    await signs(lea, 'lea');
    await lea.page.getByText('You are signed in. Your chat goes on.').waitFor();
    await lea.page.reload();
    await lea.statusIs(/Connected with Jonas/u);
    await readsOnce(lea, SAID);
    await isAskedNothing(lea);
    await lea.says('Loaded again');
    await jonas.sees('Loaded again');
    expect(await comings(jonas)).toEqual([]);
  });

  it('in two tabs keeps the chat in both', async () => {
    const tab = await arrive(context);
    await tab.sees('I am looking');
    await signs(lea, 'lea');
    await jonas.sees(/has signed in as Lea Moreau/u);
    await tab.statusIs(/Connected with Jonas/u);
    await tab.says('From the other tab');
    await jonas.sees('From the other tab');
    await lea.sees('From the other tab');
    await isAskedNothing(tab);
    expect(await tab.page.locator('#site-person').inputValue()).toBe('lea');
  });

  it('comes back with a link given before only as that person; a stranger finds nothing behind it', async () => {
    const url = await given();
    await signs(lea, 'lea');
    await jonas.sees(/has signed in as Lea Moreau/u);
    const token = new URL(url).hash.slice(1);
    const stranger = await fetch(`${house.origin}/api/reconnect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, widget: 'support' }),
    });
    expect(stranger.status).toBe(404);
    const other = await arrive(await browserOf('tomasz'), url);
    await other.page.getByRole('heading', { name: /does not work here/u }).waitFor();
    expect(await other.page.locator('body').innerText()).not.toMatch(/is late|Jonas/u);
    await leadsBack(url, await browserOf('lea'));
    await lea.statusIs(/another window/u);
  });

  it('and signs out in the same breath: nothing is recognised on this computer, and the chat is there when they sign in', async () => {
    await signs(lea, 'lea');
    await jonas.sees(/has signed in as Lea Moreau/u);
    await signs(lea, '');
    await expect
      .poll(async () => (await lea.lines()).filter((line) => SAID.includes(line)), { timeout: 60_000 })
      .toEqual([]);
    await lea.sees('Hello!');
    await isAskedNothing(lea);
    await lea.page.close();
    await isNobody(context);

    const back = await arrive(await browserOf('lea'));
    await back.button('Continue with Jonas').click();
    await back.statusIs(/Connected with Jonas/u);
    await readsOnce(back, SAID);
  });

  it('and has a chat of the account already: the prompt offers both', async () => {
    const amira = await agentAt(browser, house.origin, 2);
    const account = await arrive(await browserOf('lea'));
    await account.sees('Hello!');
    await account.says('agent');
    await amira.open('a question');
    await amira.does('Accept');
    await account.statusIs(/Connected with Amira/u);
    await account.says('An invoice is wrong');
    await amira.sees('An invoice is wrong');
    await leaves(account, amira, house);

    await signs(lea, 'lea');
    await jonas.sees(/has signed in as Lea Moreau/u);
    await lea.says('It is me');
    await jonas.sees('It is me');
    await isAskedNothing(lea);
    await lea.button('New chat').click();
    await lea.button('Other chats (1)').click();
    const [one, other] = [
      lea.button(/^Continue with (Jonas|Amira)/u),
      lea.button(/^(Jonas|Amira) · in progress/u),
    ];
    await other.waitFor();
    const names = `${await one.innerText()} ${await other.innerText()}`;
    expect(names).toMatch(/Jonas/u);
    expect(names).toMatch(/Amira/u);
    await lea.button(/Amira/u).first().click();
    await lea.statusIs(/Connected with Amira/u);
    await readsOnce(lea, ['agent', 'An invoice is wrong']);
    expect(await lea.lines()).not.toContain('My parcel is late');
  });
});

describe('a computer that others use too (N15, row 91)', { timeout: 120_000 }, () => {
  it('forgets who leaves: the next person is offered nothing, and the link leads back', async () => {
    const url = await given();
    await menu(lea, 'Leave and forget this computer');
    await lea.page.getByRole('heading', { name: 'This computer has forgotten you' }).waitFor();
    expect(await lea.page.locator('body').innerText()).not.toMatch(/is late|I am looking/u);
    await lea.page.close();
    await isNobody(context);
    expect(await listed(jonas, 'Mine', 1)).toHaveLength(1);
    await leadsBack(url, await browserOf());
  });

  it('keeps nothing once it is said to be shared, while the chat goes on in its tab', async () => {
    const url = await given();
    await menu(lea, 'Shared computer');
    await lea.page
      .getByText(/keeps nothing of this chat/u)
      .first()
      .waitFor();
    await lea.says('Only in this tab');
    await jonas.sees('Only in this tab');
    for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);
    await jonas.says('I see');
    await lea.sees('I see');
    expect(await comings(jonas)).toEqual([]);
    await isNobody(context);
    await lea.statusIs(/Connected with Jonas/u);
    await leaves(lea, jonas, house);
    await isNobody(context);
    expect(await context.cookies()).not.toContainEqual(expect.objectContaining({ value: '' }));

    await jonas.says('It is still here');
    const back = await arrive(await browserOf(), url);
    await back.button('Continue with Jonas').click();
    await back.statusIs(/Connected with Jonas/u);
    await readsOnce(back, [...SAID, 'Only in this tab', 'I see', 'It is still here']);
  });

  it('forgets at *This isn’t me*, though its customer left the chat open to all', async () => {
    const url = await given();
    await leaves(lea, jonas, house);
    const next = await arrive(context);
    await next.button('This isn’t me').click();
    await next.sees('Hello!');
    expect((await next.lines()).filter((line) => SAID.includes(line))).toEqual([]);
    await isAskedNothing(next);
    await next.page.close();
    await isNobody(context);
    // Nothing has become of it, and nobody was told that its customer had started anew.
    expect(await jonas.tab.getByText(/started a new chat/u).count()).toBe(0);
    await leadsBack(url, await browserOf());
    await jonas.sees(/is back, with the link/u);
  });
});
