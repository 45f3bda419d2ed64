import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';

/** A customer and an agent who talk, in a house and a browser of their own. */
export interface Talking {
  readonly house: RunningHouse;
  readonly lea: Customer;
  readonly jonas: Agent;
}

/** Has them talk before each test of the suite it is called in; gives who they are in the one that runs. */
export function talkingBeforeEach(): () => Talking {
  let browser: Browser | undefined;
  let talking: Talking | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    if (browser === undefined) throw new Error('No browser was started');
    const house = await openHouse();
    const jonas = await agentAt(browser, house.origin, 1);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    talking = { house, lea, jonas };
    await talk(lea, jonas);
  });
  afterEach(async () => {
    for (const one of browser?.contexts() ?? []) await one.close();
    await talking?.house.close();
    talking = undefined;
  });
  return () => {
    if (talking === undefined) throw new Error('Nobody talks');
    return talking;
  };
}
