import { rmSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from '../journey/house.ts';
import { agentAt, customerAt, talk } from '../journey/people.ts';
import { middle, until, type Measure } from './measure.ts';
import { numberIn, watch } from './screens.ts';

const RETURNS = 10;
const LAST = 'I am looking';

/** From the click on *Continue* to the transcript on the screen, in Chromium, and what the browser asks the house for it. */
export async function continuing(): Promise<readonly Measure[]> {
  const house = await openHouse();
  const browser = await launchChromium();
  try {
    const jonas = await agentAt(browser, house.origin, 1);
    const context = await browser.newContext();
    const lea = await customerAt(context, `${house.origin}/`);
    await talk(lea, jonas);
    await lea.page.close();
    const took: number[] = [];
    const asked: number[] = [];
    for (let i = 0; i < RETURNS; i += 1) {
      await house.advance(20_000);
      const one = await oneReturn(context, house);
      took.push(one.ms);
      asked.push(one.requests);
    }
    return [
      middle('continue-to-screen-p50', 'ms', took),
      middle('reconnect-browser-requests', 'requests', asked, { most: 1 }),
    ];
  } finally {
    await browser.close();
    await house.close();
    rmSync(house.folder, { recursive: true, force: true });
  }
}

async function oneReturn(
  context: BrowserContext,
  house: RunningHouse,
): Promise<{ readonly ms: number; readonly requests: number }> {
  const lea = await customerAt(context, `${house.origin}/`);
  const go = lea.button('Continue with Jonas');
  await go.waitFor();
  const page = lea.page.mainFrame();
  await watch(page, '.webchat__bubble__content');
  const asked: string[] = [];
  lea.page.on('request', (request) => {
    if (request.url().includes('/api/')) asked.push(request.url());
  });
  await go.click();
  const drawn = await until('the transcript on the screen', () =>
    numberIn(page, `bench.drawn[${JSON.stringify(LAST)}]`),
  );
  const requests = asked.length;
  const clicked = await numberIn(page, 'bench.sentAt');
  if (clicked === undefined) throw new Error('No click was seen in the page');
  await lea.page.close();
  return { ms: drawn - clicked, requests };
}
