import type { Browser, FrameLocator, Page } from 'playwright-core';
import type { FakeHouse } from './fake-house.ts';

/** The tab open in its frame, with what went wrong on the way. */
export interface Tab {
  readonly page: Page;
  readonly frame: FrameLocator;
  /** Requests to any host but the house. */
  readonly outside: string[];
  /** What the page complained about in its console. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

export interface TabOptions {
  readonly theme?: 'default' | 'dark' | 'contrast';
  readonly width?: number;
  readonly height?: number;
  readonly sub?: string;
  /** Whether the host lets the tab write the clipboard. */
  readonly clipboard?: boolean;
}

/** Opens the inbox in the fake Teams and waits for its first list. */
export async function openTab(browser: Browser, house: FakeHouse, options: TabOptions = {}): Promise<Tab> {
  const { theme = 'default', width = 1366, height = 768, sub, clipboard = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: 'reduce',
    permissions: clipboard ? ['clipboard-read', 'clipboard-write'] : [],
  });
  const page = await context.newPage();
  const outside: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(house.url) && !url.startsWith('data:')) outside.push(url);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const asked = new URLSearchParams({ theme, ...(sub === undefined ? {} : { sub }) });
  await page.goto(`${house.url}/host?${asked.toString()}`);
  const frame = page.frameLocator('iframe');
  await frame.locator('#app:not([aria-busy])').waitFor();
  return { page, frame, outside, complaints, close: () => context.close() };
}
