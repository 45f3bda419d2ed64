import type { Browser, BrowserContext, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { PDF } from '../handoff/files.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';
import { listed, readsOnce } from './whole.ts';

const MINUTE = 60_000;
const SAID = ['agent', 'My parcel is late', 'I am looking'];

/** One chat through all of it: each of these begins where the one before has left it, which is with both in it. */
describe('an agent who suspends the chat (B4–B11)', { timeout: 120_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  let context: BrowserContext;
  let jonas: Agent;
  let lea: Customer;
  beforeAll(async () => {
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    context = await browser.newContext();
    jonas = await agentAt(browser, house.origin, 1);
    lea = await customerAt(context, `${house.origin}/`);
    await talk(lea, jonas);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const dialog = (): Locator => jonas.tab.getByRole('dialog');
  const presses = (button: string) => dialog().getByRole('button', { name: button, exact: true }).click();
  const button = (name: string) => jonas.tab.getByRole('button', { name, exact: true });

  /** Jonas suspends it in his tab, and has it open in the list where it now stands. */
  const suspends = async (reason = 'Investigation', when = 'In 2 hours'): Promise<void> => {
    await jonas.does('Suspend');
    await dialog().getByRole('radio', { name: reason }).check();
    await presses(when);
    await presses('Suspend');
    await lea.statusIs(/Waiting for Jonas/u);
    await jonas.list('Suspended');
    await button('Resume').waitFor();
    expect(await listed(jonas, 'Suspended', 1)).toHaveLength(1);
  };
  /** Active again, in the tab and on the customer's page; the tab went along to where the chat now stands. */
  const goesOn = async (): Promise<void> => {
    await lea.statusIs(/Connected with Jonas/u);
    await button('Suspend').waitFor();
    await button('Resume').waitFor({ state: 'detached' });
    await jonas.tab.getByRole('tab', { name: 'Mine', exact: true, selected: true }).waitFor();
    expect(await listed(jonas, 'Suspended', 0)).toEqual([]);
    expect(await listed(jonas, 'Mine', 1)).toHaveLength(1);
  };

  it('B4: gives a reason and a time, and the customer reads both', async () => {
    await suspends("Customer's machine restarts", 'In 30 minutes');
    await lea.sees(/Jonas has set this chat aside and will come back to it\./u);
    await lea.sees(/Reason: “Customer.s machine restarts”\./u);
    await lea.sees(/Jonas plans to be back/u);
    // It counts down before her eyes; who hears the page is told the moment alone.
    const countdown = lea.page.locator('#countdown');
    const left = async () => {
      const [, minutes, seconds] = /^(\d\d):(\d\d)$/u.exec((await countdown.textContent()) ?? '') ?? [];
      return Number(minutes) * 60 + Number(seconds);
    };
    const before = await left();
    expect(before).toBeGreaterThan(29 * 60);
    expect(await countdown.getAttribute('aria-hidden')).toBe('true');
    await house.advance(65_000);
    await expect.poll(left).toBeLessThanOrEqual(before - 65);
    await jonas.sees(/Reason: “Customer.s machine restarts”\./u);
  });

  it('B8, B9, B10: gets back a customer who closed the page, but only by resuming does the chat go on', async () => {
    await lea.page.close();
    for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);
    lea = await customerAt(context, `${house.origin}/`);
    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Waiting for Jonas/u);
    await lea.sees('You are waiting for Jonas');
    await readsOnce(lea, SAID);
    await jonas.sees(/is back and waits for/u);

    // Nor does it resume by what the customer writes.
    await lea.says('I have restarted it');
    await jonas.sees('I have restarted it');
    await lea.statusIs(/Waiting for Jonas/u);
    expect(await button('Resume').isVisible()).toBe(true);
    expect(await listed(jonas, 'Queue', 0)).toEqual([]);
    expect(await listed(jonas, 'Suspended', 1)).toHaveLength(1);

    await jonas.does('Resume');
    await goesOn();
    await lea.sees('Jonas is back.');
  });

  it('B5 (a): resumes it by a message', async () => {
    await suspends();
    await jonas.says('It left Leipzig today');
    await lea.sees('It left Leipzig today');
    await goesOn();
  });

  it('B5 (b): resumes it by a canned response', async () => {
    await suspends();
    const box = jonas.tab.getByRole('textbox', { name: 'Message' });
    await box.pressSequentially('/hel');
    await jonas.tab.getByRole('option', { name: /Greeting/u }).waitFor();
    await box.press('Enter');
    await expect.poll(() => box.inputValue()).toContain('of Northwind Parcels. How can I help?');
    await lea.statusIs(/Waiting for Jonas/u);
    await box.press('Enter');
    await lea.sees(/this is Jonas of Northwind Parcels\. How can I help\?$/u);
    await goesOn();
  });

  it('B5 (c): resumes it by a link', async () => {
    await suspends();
    await jonas.does('Send reconnect link');
    await lea.page.locator('way-back').last().waitFor();
    await goesOn();
  });

  it('B5 (d): resumes it by a page to show', async () => {
    await suspends();
    await jonas.does('Send page');
    await dialog().getByLabel('Address').fill('https://help.northwind-parcels.example/returns');
    await presses('Send page');
    await lea.page.getByText('Jonas would like to show you a page').last().waitFor();
    await goesOn();
  });

  it('B5 (e): resumes it by a file', async () => {
    await suspends();
    const [chooser] = await Promise.all([jonas.page.waitForEvent('filechooser'), jonas.does('Send file')]);
    await chooser.setFiles({ name: 'offer.pdf', mimeType: 'application/pdf', buffer: PDF });
    await lea.sees('offer.pdf');
    await goesOn();
  });

  it('B5 (f): resumes it by a comment, which the customer never sees', async () => {
    await suspends();
    await jonas.does('Add comment');
    await jonas.says('Ask the depot first');
    await goesOn();
    expect((await lea.lines()).join(' ')).not.toContain('Ask the depot first');
  });

  it('B6: resumes it by a conference', async () => {
    await suspends();
    const amira = await agentAt(browser, house.origin, 2);
    await amira.sees('Available · 0 of 5');
    await jonas.does('Conference');
    await dialog()
      .getByRole('radio', { name: /Amira Haddad/u })
      .check();
    await presses('Confirm');
    await jonas.sees('Jonas is asking Amira to join.');
    await goesOn();
    await amira.list('Mine');
    await amira.open('Visitor');
    await amira.does('Join');
    await lea.sees('Amira has joined this chat.');
    expect(amira.complaints).toEqual([]);
  });

  it('B7, B11: resumes it by Resume in the tab', async () => {
    await suspends();
    await jonas.does('Resume');
    await goesOn();
  });

  it('B7, B11: resumes it by Resume on the card', async () => {
    await suspends();
    await jonas.card().getByRole('button', { name: 'Resume', exact: true }).click();
    await lea.statusIs(/Connected with Jonas/u);
    await button('Resume').waitFor({ state: 'detached' });
    await jonas.card().getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    await jonas.list('Mine');
    await jonas.says('And here I am');
    await lea.sees('And here I am');
    await readsOnce(lea, [...SAID, 'I have restarted it', 'It left Leipzig today', 'And here I am']);
    expect([...lea.complaints, ...jonas.complaints]).toEqual([]);
  });
});

it(
  'row 38: a time to be back that has passed is promised no longer, and the customer may have anybody',
  { timeout: 120_000 },
  async () => {
    const [browser, house] = await Promise.all([launchChromium(), openHouse()]);
    // A supervisor's list is one day's: this one has begun an hour ago.
    await house.advance(25 * 60 * MINUTE - (Date.now() % (24 * 60 * MINUTE)));
    const [jonas, tomas] = await Promise.all([
      agentAt(browser, house.origin, 1),
      agentAt(browser, house.origin, 3),
    ]);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await talk(lea, jonas);
    await jonas.does('Suspend');
    const dialog = jonas.tab.getByRole('dialog');
    await dialog.getByRole('button', { name: 'In 30 minutes', exact: true }).click();
    await dialog.getByRole('button', { name: 'Suspend', exact: true }).click();
    await lea.statusIs(/Waiting for Jonas, back by .*\d:\d\d/su);
    for (let i = 0; i < 8; i += 1) await house.advance(4 * MINUTE);
    await lea.sees('Jonas meant to be back by now and is not here yet.');
    await expect.poll(() => lea.page.locator('#status-text').textContent()).toBe('Waiting for Jonas');
    expect(await lea.page.locator('#countdown').isVisible()).toBe(false);
    await lea.button('Anyone, with my history').waitFor();
    await tomas.tab.getByRole('tab', { name: 'All', exact: true }).click();
    await tomas.sees(/^late for/u);
    await browser.close();
    await house.close();
  },
);
