import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { PDF, PNG } from '../handoff/files.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk } from './people.ts';

describe('files both ways', { timeout: 180_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  beforeAll(async () => {
    browser = await launchChromium();
    house = await openHouse();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  it('row 79, O31: a customer whose browser died finds the picture they sent and the document they got', async () => {
    const jonas = await agentAt(browser, house.origin, 1);
    const context = await browser.newContext();
    const lea = await customerAt(context, `${house.origin}/`);
    await talk(lea, jonas);

    const field = lea.page.locator('input[type=file]').first();
    await field.setInputFiles({ name: 'label.png', mimeType: 'image/png', buffer: PNG });
    await lea.page
      .getByRole('button', { name: /^Send$/ })
      .click({ timeout: 3_000 })
      .catch(() => undefined);
    const shown = jonas.tab.getByRole('img', { name: 'label.png' });
    await shown.waitFor();
    await expect.poll(() => shown.evaluate(widthOf)).toBe(1);

    const [chooser] = await Promise.all([
      jonas.page.waitForEvent('filechooser'),
      jonas.tab.getByRole('button', { name: 'Send file', exact: true }).click(),
    ]);
    await chooser.setFiles({ name: 'offer.pdf', mimeType: 'application/pdf', buffer: PDF });
    await lea.sees('offer.pdf');

    const cookies = await context.cookies();
    await context.close();
    const again = await browser.newContext({ acceptDownloads: true });
    await again.addCookies(cookies);
    const back = await customerAt(again, `${house.origin}/`);
    await back.button(/^Continue/u).click();
    const picture = back.page
      .getByRole('log', { name: 'Conversation' })
      .getByRole('img', { name: 'label.png' });
    await picture.waitFor();
    await expect.poll(() => picture.evaluate(widthOf)).toBe(1);
    expect(await picture.getAttribute('src')).toContain('/api/files/');

    const link = back.page.getByRole('link', { name: /offer\.pdf/u });
    const [saved] = await Promise.all([back.page.waitForEvent('download'), link.click()]);
    expect(saved.suggestedFilename()).toBe('offer.pdf');

    // Whoever else learns where they are gets neither.
    const addresses = [await picture.getAttribute('src'), await link.getAttribute('href')];
    for (const address of addresses)
      expect((await fetch((address ?? '').split('?')[0] ?? '')).status).toBe(404);
    expect([...back.complaints, ...jonas.complaints]).toEqual([]);
  });
});

const widthOf = (image: unknown): number => (image as { readonly naturalWidth: number }).naturalWidth;
