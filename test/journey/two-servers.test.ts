import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, leaves, talk } from './people.ts';

describe('two servers on one store', { timeout: 120_000 }, () => {
  let browser: Browser;
  let north: RunningHouse;
  let south: RunningHouse;
  beforeAll(async () => {
    browser = await launchChromium();
    north = await openHouse();
    south = await openHouse({ folder: north.folder, name: 'south', store: north.store() });
  });
  afterAll(async () => {
    await browser.close();
    await south.close();
    await north.close();
  });

  it('bring a customer of one and an agent of the other together, and together again', async () => {
    const jonas = await agentAt(browser, south.origin, 1);
    const context = await browser.newContext();
    const lea = await customerAt(context, `${north.origin}/`);
    await talk(lea, jonas);

    await leaves(lea, jonas, north);
    await jonas.says('Found it in Leipzig');
    await jonas.says('It leaves tonight');

    const again = await customerAt(context, `${north.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.sees('It leaves tonight');
    await again.statusIs(/Connected with Jonas/u);
    await jonas.sees(/is back/u);
    for (let i = 1; i <= 5; i += 1) {
      await again.says(`Question ${i}`);
      await jonas.says(`Answer ${i}`);
    }
    await again.sees('Answer 5');
    const lines = await again.lines();
    for (const line of ['My parcel is late', 'Found it in Leipzig', 'Answer 1', 'Answer 5']) {
      expect(lines.filter((one) => one === line)).toHaveLength(1);
    }
  });
});
