/** What a customer does in a browser on the fake house, and what they see. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../browser/chromium.ts';
import { type FakeHouse, type Looks, openFakeHouse } from './house.ts';

export const token = 'rt1_dl_abcdefghijklmnop1234.c2VjcmV0LXNlY3JldC1zZWNyZXQ';

export interface Customer {
  readonly house: FakeHouse;
  readonly context: BrowserContext;
  /** What the browser complained about, and every request that left the house's origin. */
  readonly wrong: string[];
  readonly open: (path?: string) => Promise<Page>;
  readonly asked: (path: string) => FakeHouse['asked'];
}

export interface Town {
  readonly customer: (looks?: Looks, options?: BrowserContextOptions) => Promise<Customer>;
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openTown(): Promise<Town> {
  const browser: Browser = await launchChromium();
  const houses: FakeHouse[] = [];
  const tidy = async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await Promise.all(houses.splice(0).map((house) => house.close()));
  };
  return {
    customer: async (looks = {}, options = {}) => {
      const house = await openFakeHouse(looks);
      houses.push(house);
      const context = await browser.newContext(options);
      const wrong: string[] = [];
      return {
        house,
        context,
        wrong,
        asked: (path) => house.asked.filter((one) => one.path === path),
        open: async (path = '/') => {
          const page = await context.newPage();
          page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
          page.on('pageerror', (error) => wrong.push(error.message));
          page.on('request', (request) => {
            const { origin, protocol } = new URL(request.url());
            if (origin !== house.origin && !['data:', 'blob:'].includes(protocol)) wrong.push(request.url());
          });
          await page.goto(house.origin + path);
          return page;
        },
      };
    },
    tidy,
    close: () => browser.close(),
  };
}

/** Somebody who talked with Jonas, and whose browser is gone. */
export async function talkWithJonas({ house }: Customer): Promise<void> {
  house.say({ side: 'customer', text: 'Where is my parcel?' });
  house.say({ side: 'agent', name: 'Jonas', text: 'It leaves tonight.' });
  await house.become({ status: 'active', agent: 'Jonas' });
}
export const talked = ['> Where is my parcel?', '< It leaves tonight.'];

export const statusOf = (page: Page): Promise<string> => page.getByRole('status').innerText();
export const composerOf = (page: Page) => page.locator('[data-id=webchat-sendbox-input]');
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const focused = (page: Page): Promise<string | null> => page.locator(':focus').textContent();

export async function write(page: Page, text: string): Promise<void> {
  await composerOf(page).fill(text);
  await composerOf(page).press('Enter');
}

export async function fromMenu(page: Page, name: string): Promise<void> {
  await button(page, 'More').click();
  await page.locator('#menu').getByRole('button', { name }).click();
}

/** What stands in the log, as a person sees it: side and words. */
export const conversationOf = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`
    [...document.querySelectorAll('[role=log] :is(.webchat__bubble__content, .notice)')].map((one) => {
      if (one.classList.contains('notice')) return '· ' + one.textContent;
      return (one.closest('.webchat__bubble--from-user') ? '> ' : '< ') + one.textContent.trim();
    })`);

/** All that this tab's browser keeps of the page. */
export const keptBy = (page: Page): Promise<string> =>
  page.evaluate<string>(`JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])`);

const axe = readFileSync(
  fileURLToPath(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);
/** What axe-core finds wrong with the page as it stands. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(`axe.run().then(({ violations }) => violations.map(
    ({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`);
}
