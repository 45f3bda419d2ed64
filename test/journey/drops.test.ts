import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, launchProfile, type Profile } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk } from './people.ts';
import { directLine, readsOnce } from './whole.ts';

const MINUTE = 60_000;

let browser: Browser;
let house: RunningHouse;
let laptop: Profile;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openHouse();
  laptop = await launchProfile(mkdtempSync(join(tmpdir(), 'lea-')));
});
afterEach(async () => {
  await shut();
  for (const context of browser.contexts()) await context.close();
  await house.close();
});

const shut = async (): Promise<void> => {
  if (laptop.context.browser()?.isConnected() === true) await laptop.kill();
};

/** What can break a chat off, from the browser's side: nothing of it is said to the house. */
const CAUSES: Readonly<Record<string, (page: Page) => Promise<void> | void>> = {
  'the browser hangs': (page) => {
    page.evaluate('for (;;) {}').catch(() => undefined);
  },
  'the page crashes': async (page) => {
    const session = await laptop.context.newCDPSession(page);
    session.send('Page.crash').catch(() => undefined);
  },
  'the computer goes out': () => laptop.kill(),
  'the connection is lost': async () => {
    await laptop.context.route('**/*', (route) => route.abort());
    await directLine(house, { dropSockets: true });
  },
  'the network cable is pulled': async () => {
    await laptop.context.setOffline(true);
    await directLine(house, { dropSockets: true });
  },
};

it.each(Object.entries(CAUSES))(
  'A2: whoever is cut off because %s is noticed gone, and comes back to the same agent and everything said',
  { timeout: 120_000 },
  async (_, breaks) => {
    const jonas = await agentAt(browser, house.origin, 1);
    const lea = await customerAt(laptop.context, `${house.origin}/`);
    await talk(lea, jonas);
    const device = await laptop.context.storageState();
    await breaks(lea.page);
    for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);
    await jonas.sees(/is gone: probably a lost connection/u);
    await jonas.says('It is in Leipzig');
    await shut();

    const again = await customerAt(await browser.newContext({ storageState: device }), `${house.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.statusIs(/Connected with Jonas/u);
    await readsOnce(again, ['agent', 'My parcel is late', 'I am looking', 'It is in Leipzig']);
    await again.says('Leipzig, good');
    await jonas.sees('Leipzig, good');
    expect(again.complaints).toEqual([]);
  },
);
