import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, leaves } from './people.ts';

describe("the cards in the agents' chats", { timeout: 120_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  beforeAll(async () => {
    browser = await launchChromium();
    house = await openHouse();
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  it('take a customer, tell the others who did, and follow the session in place', async () => {
    const [jonas, amira] = await Promise.all([
      agentAt(browser, house.origin, 1),
      agentAt(browser, house.origin, 2),
    ]);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await lea.sees('Hello!');
    await lea.says('agent');
    await amira
      .card()
      .getByText(/is waiting in line/u)
      .waitFor();
    await jonas.card().getByRole('button', { name: 'Accept' }).click();

    await lea.statusIs(/Connected with Jonas/u);
    await jonas
      .card()
      .getByText(/You are with/u)
      .waitFor();
    await amira.card().getByText(/Jonas/u).waitFor();
    expect(await amira.card().getByRole('button', { name: 'Accept' }).count()).toBe(0);
    await jonas.list('Mine');
    await jonas.open('Visitor');
    await jonas.says('Good morning');
    await lea.sees('Good morning');

    await jonas.card().getByText('...', { exact: true }).click();
    await jonas.page.getByRole('menuitem', { name: 'Why this agent' }).click();
    await jonas.card().getByText('Jonas took it.').waitFor();

    await leaves(lea, jonas, house);
    await jonas
      .card()
      .getByText(/is gone/u)
      .waitFor();
    await jonas.card().getByRole('button', { name: 'Close', exact: true }).click();
    await jonas.card().getByLabel('Disposition').selectOption('Resolved');
    await jonas.card().getByRole('button', { name: 'Close the chat' }).click();
    await jonas.sees('Available · 0 of 5');
    expect(await jonas.card().locator('.ac-adaptiveCard').count()).toBe(1);
    expect(await amira.card().locator('.ac-adaptiveCard').count()).toBe(1);
    expect([...jonas.complaints, ...amira.complaints]).toEqual([]);
  });
});
