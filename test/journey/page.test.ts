import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';
import { conversationOf, directLine } from './whole.ts';

describe("the customer's page", () => {
  let browser: Browser;
  let house: RunningHouse;
  let context: BrowserContext;
  let lea: Customer;
  let jonas: Agent;
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

  const composer = (customer: Customer) => customer.page.getByRole('textbox', { name: /message/iu });
  const times = (lines: readonly string[], text: string): number =>
    lines.filter((line) => line === text).length;

  it('says that the chat went to another browser, and takes it back with what was typed', async () => {
    await composer(lea).fill('half a sent');
    const elsewhere = await browser.newContext({ storageState: await context.storageState() });
    const second = await customerAt(elsewhere, `${house.origin}/`);
    await second.button('Continue with Jonas').click();
    await second.statusIs(/Connected with Jonas/u);

    await house.advance(91_000);
    await lea.statusIs(/another window/u);
    await expect.poll(() => composer(lea).isVisible()).toBe(false);

    await lea.button('Continue here').click();
    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Connected with Jonas/u);
    await house.advance(91_000);
    await second.statusIs(/another window/u);
    await expect.poll(() => composer(lea).inputValue()).toBe('half a sent');
    await composer(lea).press('Enter');
    await jonas.sees('half a sent');
  });

  it('goes on in a new conversation when the channel has forgotten the old one', async () => {
    const conversation = await conversationOf(lea);
    await directLine(house, { forget: conversation });
    await directLine(house, { dropSockets: true });
    await lea.says('Hello?');
    await jonas.sees('Hello?');
    await jonas.says('Still here');
    await lea.sees('Still here');
    await lea.statusIs(/Connected with Jonas/u);

    expect(await conversationOf(lea)).not.toBe(conversation);
    const lines = await lea.lines();
    for (const line of ['My parcel is late', 'Hello?', 'Still here']) expect(times(lines, line)).toBe(1);
  });

  it('keeps a click on Continue while the server is dead, and takes two clicks for one', async () => {
    await lea.button('New chat').click();
    await lea.button('Continue with Jonas').waitFor();
    await house.kill();
    await lea.button('Continue with Jonas').dblclick();
    await lea.statusIs(/Reconnecting/u);
    await house.start();

    await lea.statusIs(/Connected with Jonas/u);
    await lea.sees('My parcel is late');
    expect(times(await lea.lines(), 'You continued with Jonas')).toBe(1);
    await lea.says('And I am back');
    await jonas.sees('And I am back');
  });

  it('stays ended, however long it is looked at and however often it is loaded again', async () => {
    await lea.button('End chat').dblclick();
    await lea.statusIs(/Ending/u);
    await lea.statusIs(/Chat ended/u);
    const beat = lea.page.waitForResponse(/\/api\/presence/u);
    await house.advance(91_000);
    await (await beat).finished();
    await lea.page.reload();
    await lea.statusIs(/Chat ended/u);
    await lea.sees('You have ended this chat.');
    expect(await lea.button('New chat').isVisible()).toBe(true);
  });
});
