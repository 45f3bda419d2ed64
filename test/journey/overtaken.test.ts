import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { hold } from './hold.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';

describe('a customer whose line breaks while the prompt is shown, and who clicks Continue', () => {
  let browser: Browser;
  let house: RunningHouse;
  let jonas: Agent;
  let lea: Customer;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    house = await openHouse();
    jonas = await agentAt(browser, house.origin, 1);
    lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await talk(lea, jonas);
    await lea.button('New chat').click();
    await lea.button('Continue with Jonas').waitFor();
  });
  afterEach(async () => {
    for (const one of browser.contexts()) await one.close();
    await house.close();
  });

  /** The channel forgets the conversation: the page has to ask the house for another one. */
  const breakLine = async () => {
    const conversation = await lea.page.evaluate((): unknown =>
      Reflect.get(JSON.parse(sessionStorage.getItem('reconnect:support') ?? '{}') as object, 'conversation'),
    );
    for (const knob of [{ forget: conversation }, { dropSockets: true }]) {
      const answer = await fetch(`${house.origin}/local/directline`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(knob),
      });
      expect(answer.status).toBe(200);
    }
  };
  const goesOn = async (text: string) => {
    await lea.says(text);
    await jonas.sees(text);
    await lea.statusIs(/Connected with Jonas/u);
    expect((await lea.lines()).filter((line) => line === 'You continued with Jonas')).toHaveLength(1);
  };

  it('goes on, also where the new line was answered before the click, and heard of after it', async () => {
    const line = await hold(lea.page, '**/api/directline/token', (route) => route.fetch());
    await breakLine();
    await line.held;
    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Connected with Jonas/u);
    line.release();
    await goesOn('Overtaken by my click');
  });

  it('goes on, also where the new line stands before the click is heard', async () => {
    const click = await hold(lea.page, '**/api/reconnect');
    await lea.button('Continue with Jonas').click();
    await click.held;
    const joined = lea.page.waitForRequest((request) => (request.postData() ?? '').includes('webchat/join'));
    await breakLine();
    await (await joined).response();
    click.release();
    await goesOn('Overtaken by my line');
  });
});
