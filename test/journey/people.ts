import { expect } from 'vitest';
import type { RunningHouse } from './house.ts';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';

/** What leads an agent to an earlier chat: the one this goes on from, or one of those that are listed. */
export const EARLIER = /^(?:Earlier chat$|Read the chat )/u;

/** A customer at their browser. */
export interface Customer {
  readonly page: Page;
  readonly says: (text: string) => Promise<void>;
  /** Every line on the screen, top to bottom, without times. */
  readonly lines: () => Promise<readonly string[]>;
  readonly sees: (text: string | RegExp) => Promise<void>;
  readonly status: () => Promise<string>;
  readonly statusIs: (text: string | RegExp) => Promise<void>;
  readonly button: (name: string | RegExp) => Locator;
  /** Console errors and requests to other hosts so far. */
  readonly complaints: readonly string[];
}

/** An agent at their Teams: the inbox tab, and the bot's chat beside it. */
export interface Agent {
  readonly page: Page;
  readonly tab: FrameLocator;
  readonly list: (name: 'Queue' | 'Mine' | 'Suspended' | 'Closed') => Promise<void>;
  /** Opens the first row of the list shown whose text contains `about`. */
  readonly open: (about: string | RegExp) => Promise<void>;
  readonly does: (button: string) => Promise<void>;
  readonly says: (text: string) => Promise<void>;
  readonly presence: (status: 'Available' | 'Away') => Promise<void>;
  readonly sees: (text: string | RegExp) => Promise<void>;
  readonly card: () => Locator;
  readonly complaints: readonly string[];
}

const PATIENCE_MS = 60_000;

/** Opens the customer's page. */
export async function customerAt(context: BrowserContext, url: string): Promise<Customer> {
  const page = context.pages().find((one) => one.url() === 'about:blank') ?? (await context.newPage());
  const complaints = listen(page, new URL(url).origin);
  await page.goto(url);
  const log = page.getByRole('log', { name: 'Conversation' });
  const box = page.getByRole('textbox', { name: /message/i });
  return {
    page,
    complaints,
    says: async (text) => {
      await box.fill(text, { timeout: PATIENCE_MS });
      await box.press('Enter');
      await sees(log, text);
    },
    lines: () => spoken(page),
    sees: (text) => sees(log, text),
    status: async () => ((await page.getByRole('status').first().textContent()) ?? '').trim(),
    statusIs: (text) =>
      expect
        .poll(async () => page.getByRole('status').first().textContent(), { timeout: PATIENCE_MS })
        .toMatch(text),
    button: (name) => page.getByRole('button', { name }),
  };
}

/** Opens Teams as agent `n`. */
export async function agentAt(browser: Browser, origin: string, n: 1 | 2 | 3 | 4): Promise<Agent> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  const complaints = listen(page, origin);
  await page.goto(`${origin}/teams?agent=${n}`);
  const tab = page.frameLocator('iframe[title="Inbox"]');
  const log = tab.getByRole('log', { name: 'Transcript' });
  return {
    page,
    tab,
    complaints,
    list: (name) => tab.getByRole('tab', { name, exact: true }).click({ timeout: PATIENCE_MS }),
    open: (about) =>
      tab
        .getByRole('tabpanel')
        .getByRole('listitem')
        .filter({ hasText: about })
        .first()
        .click({ timeout: PATIENCE_MS }),
    does: (button) =>
      tab.getByRole('button', { name: button, exact: true }).first().click({ timeout: PATIENCE_MS }),
    says: async (text) => {
      await tab.getByRole('textbox', { name: 'Message' }).fill(text, { timeout: PATIENCE_MS });
      await tab.getByRole('button', { name: 'Send', exact: true }).click();
      await sees(log, text);
    },
    presence: async (status) => {
      await tab.getByRole('button', { name: /of 5/u }).click();
      await tab.getByRole('menuitemradio', { name: status }).click();
      if (status === 'Away') await tab.getByRole('button', { name: 'Set away' }).click();
      await tab
        .getByRole('button', { name: new RegExp(`^${status} · `, 'u') })
        .waitFor({ timeout: PATIENCE_MS });
    },
    sees: (text) => tab.getByText(text).first().waitFor({ timeout: PATIENCE_MS }),
    card: () => page.getByRole('region', { name: 'Reconnect bot chat' }),
  };
}

/** From hello to both talking: the customer asks for a person, Jonas takes it, each says one thing. */
export async function talk(lea: Customer, jonas: Agent, name = 'Jonas'): Promise<void> {
  await lea.sees('Hello!');
  await lea.says('agent');
  await jonas.open('a question');
  await jonas.does('Accept');
  await lea.sees(`${name} is here`);
  await lea.says('My parcel is late');
  await jonas.sees('My parcel is late');
  await jonas.says('I am looking');
  await lea.sees('I am looking');
}

/** The page is closed, and the agent sees that its customer is gone. */
export async function leaves(
  lea: Customer,
  jonas: Agent,
  house: Pick<RunningHouse, 'advance'>,
): Promise<void> {
  await lea.page.close();
  // The page's last word travels on its own: the clock runs on until it has been heard and 15 s have passed.
  await expect
    .poll(
      async () => {
        await house.advance(16_000);
        return jonas.tab
          .getByText(/is gone/u)
          .first()
          .isVisible();
      },
      { timeout: 60_000, interval: 700 },
    )
    .toBe(true);
}

const sees = (where: Locator, text: string | RegExp): Promise<void> =>
  where.getByText(text).last().waitFor({ timeout: PATIENCE_MS });

/** What the bubbles and notices of Web Chat say, in the order of the screen. */
const spoken = async (page: Page): Promise<readonly string[]> =>
  (await page.locator('.webchat__bubble__content, .notice').allTextContents())
    .map((text) => text.trim())
    .filter((text) => text !== '');

function listen(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // What fails while the server is down on purpose is the browser's own word, not the page's.
    const network = /Failed to load resource|WebSocket connection to/u.test(message.text());
    if (message.type() === 'error' && !network) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (/^https?:/u.test(url) && !url.startsWith(origin)) complaints.push(`request to ${url}`);
  });
  return complaints;
}
