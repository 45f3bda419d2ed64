import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { violations } from '../pages/chat/people.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk } from './people.ts';

let browser: Browser;
let house: RunningHouse;
beforeAll(async () => {
  [browser, house] = await Promise.all([launchChromium(), openHouse()]);
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

const PAGE = 'https://help.northwind-parcels.example/returns';

/** A customer's browser in which the help pages exist. */
async function browserOf(width: number): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width, height: 700 }, reducedMotion: 'reduce' });
  await context.route('https://help.northwind-parcels.example/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<title>Returns</title><h1>How to send it back</h1><a href="https://other.example/" target="_top">away</a>',
    }),
  );
  return context;
}

it('row 79, B5: a canned response found by / and a page shown by consent resume the chat, from the agent’s keyboard to the customer’s eyes', async () => {
  const lea = await customerAt(await browserOf(1280), `${house.origin}/?widget=support`);
  const jonas = await agentAt(browser, house.origin, 1);
  await talk(lea, jonas);

  await jonas.does('Suspend');
  await jonas.tab.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await lea.sees(/has set this chat aside/u);
  const box = jonas.tab.getByRole('textbox', { name: 'Message' });
  await box.pressSequentially('/hel');
  await jonas.tab.getByRole('option', { name: /Greeting/u }).waitFor();
  await box.press('Enter');
  await expect.poll(() => box.inputValue()).toContain('of Northwind Parcels. How can I help?');
  expect((await lea.lines()).join(' ')).not.toContain('How can I help?');
  await box.press('Enter');
  await lea.sees(/^Hello, this is Jonas of Northwind Parcels\. How can I help\?$/u);
  await lea.statusIs(/Connected with Jonas/u);

  await jonas.does('Send page');
  const dialog = jonas.tab.getByRole('dialog');
  await dialog.getByLabel('Address').fill('https://elsewhere.example/');
  await dialog.getByRole('button', { name: 'Send page' }).click();
  await jonas.sees(/only pages of these hosts can be shown here: help\.northwind-parcels\.example/u);
  await jonas.does('Send page');
  await dialog.getByLabel('Address').fill(PAGE);
  await dialog.getByLabel('What it is').fill('Returns');
  await dialog.getByRole('button', { name: 'Send page' }).click();

  await lea.page.getByText('Jonas would like to show you a page').last().waitFor();
  const frame = lea.page.locator('iframe');
  expect(await frame.count()).toBe(0);
  expect(await violations(lea.page)).toEqual([]);
  expect(await lea.page.getByRole('link', { name: 'Open in a new tab' }).getAttribute('href')).toBe(PAGE);
  await lea.button('Show').press('Enter');
  await lea.page.frameLocator('iframe').getByText('How to send it back').waitFor();
  expect(await frame.getAttribute('sandbox')).not.toContain('allow-top-navigation');
  expect(await frame.getAttribute('referrerpolicy')).toBe('no-referrer');
  const aside = lea.page.getByRole('complementary', { name: /Returns · help\.northwind-parcels\.example/u });
  await aside.waitFor();
  // It cannot lead the page away, and the chat beside it goes on.
  await lea.page.frameLocator('iframe').getByText('away').click();
  await lea.says('I see it');
  await jonas.sees('I see it');
  expect(new URL(lea.page.url()).origin).toBe(house.origin);

  await lea.page.setViewportSize({ width: 320, height: 640 });
  await expect.poll(() => lea.page.evaluate('document.getElementById("chat").inert')).toBe(true);
  const size = await aside.boundingBox();
  expect([size?.width, size?.height]).toEqual([320, 640]);
  await lea.button('Close page').press('Enter');
  expect(await frame.count()).toBe(0);
  expect(await lea.page.locator(':focus').textContent()).toBe('Show');
  await lea.button('No thanks').press('Enter');
  await lea.page.getByText('You did not look at it.').waitFor();
  expect(await lea.button('Show').count()).toBe(0);
  expect(jonas.complaints.filter((one) => !one.includes('400'))).toEqual([]);
}, 120_000);
