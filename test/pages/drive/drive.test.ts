import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { openHouse, type RunningHouse } from '../../journey/house.ts';

const axe = readFileSync(
  fileURLToPath(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);

const WELCOME = 'مرحبًا بعودتك. أنت مع';

describe('N13, row 88: an admin on the page of the test drive', () => {
  let browser: Browser;
  let house: RunningHouse;
  let page: Page;
  let troubles: string[];
  beforeAll(async () => {
    [browser, house] = await Promise.all([launchChromium(), openHouse()]);
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });
  beforeEach(async () => {
    troubles = [];
    page = await (await browser.newContext()).newPage();
    page.on('pageerror', ({ message }) => troubles.push(message));
    page.on('console', (said) => said.type() === 'error' && troubles.push(said.text()));
    await page.goto(`${house.origin}/test-drive`);
  });
  afterEach(async () => {
    await page.context().close();
  });

  const row = (time: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: time, exact: true }) });
  const violations = async (): Promise<unknown> => {
    await page.evaluate(axe);
    return page.evaluate(
      `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 150))))`,
    );
  };

  test('moves the return past the window, and sees the place freed and the agent asked', async () => {
    await row('+12 min').getByText('Welcome back. You are with Anna again.').waitFor();
    await page.getByLabel('The customer is back, minutes', { exact: true }).fill('17');
    await row('+17 min').getByText('Asking Anna to pick up where you left off', { exact: false }).waitFor();
    await row('+15 min').getByText('Anna Bell: 0 of 5').waitFor();
    await page.getByRole('combobox', { name: 'The agent', exact: true }).selectOption('no:20s');
    await row('+17 min 20 s').getByText('declines').waitFor();
    expect(troubles).toEqual([]);
  });

  test('moves a time by keyboard, and that thing happens', async () => {
    await row('+12 min').waitFor();
    await page.getByLabel('The agent closes it, minutes on a scale').press('ArrowLeft');
    await row('+24 min 30 s').getByText('closes the chat').waitFor();
    expect(await page.getByLabel('The agent closes it', { exact: true }).isChecked()).toBe(true);
  });

  test('tries a setting out under the same checks: the rule is told, what was shown stays, and a good one is played', async () => {
    await row('+12 min').waitFor();
    await page.getByText('Settings to try out').click();
    const window = page.getByLabel('previousAgentWindow');
    await window.fill('30 min');
    await page
      .getByRole('alert')
      .getByText('previousAgentWindow: must not be longer than the reconnect time limit')
      .waitFor();
    expect(await row('+12 min').count()).toBe(1);
    await window.fill('3 min');
    await row('+8 min').getByText('The place is free again', { exact: false }).waitFor();
    expect(await page.getByRole('alert').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Back to the settings of the widget' }).click();
    await expect.poll(() => row('+8 min').count()).toBe(0);
    expect(await window.inputValue()).toBe('10 min');
  });

  test.each([
    [1280, 'light'],
    [320, 'light'],
    [320, 'dark'],
  ] as const)(
    'finds it readable at %i px, %s: nothing sideways, nothing that axe objects to',
    async (width, scheme) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      await row('+12 min').waitFor();
      await page.getByText('Settings to try out').click();
      expect(await violations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    },
  );

  test('reads an Arabic widget from right to left', async () => {
    await page.getByLabel('Widget').selectOption('arabic');
    await row('+12 min').getByText(WELCOME, { exact: false }).waitFor();
    const direction = `getComputedStyle([...document.querySelectorAll('td p')].find((one) => one.textContent.includes('${WELCOME}'))).direction`;
    expect(await page.evaluate(direction)).toBe('rtl');
  });
});
