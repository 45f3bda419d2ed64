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

  it('row 68, row 79: a file that an agent drops into the bot’s chat goes to whom is chosen, and names what it cannot', async () => {
    const dana = await agentAt(browser, house.origin, 2);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await lea.sees('Hello!');
    await lea.says('agent');
    await dana.card().getByRole('button', { name: 'Accept' }).click();
    await lea.statusIs(/Connected with/u);
    await dana.list('Mine');
    await dana.open('Visitor');

    const chat = dana.card();
    await chat.locator('input[type=file]').setInputFiles([
      { name: 'offer.pdf', mimeType: 'application/pdf', buffer: PDF },
      { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('<html>') },
    ]);
    await chat.getByRole('textbox', { name: 'Message the bot' }).fill('Here is our offer');
    await chat.getByRole('button', { name: 'Send to the bot' }).click();
    await chat.getByText(/photo.{1,2}png. was not passed on/u).waitFor();
    await chat.getByRole('button', { name: /^Send to Visitor/u }).click();
    await chat.getByText(/^Sent to Visitor/u).waitFor();
    await lea.sees('Here is our offer');
    await lea.sees('offer.pdf');
    expect((await lea.lines()).join()).not.toContain('photo.png');
    await dana.sees('offer.pdf');

    // A picture that is pasted lies at the connector, and has no name.
    const file = { name: 'x', type: 'image/png', base64: PNG.toString('base64'), inline: true };
    await fetch(`${house.origin}/local/teams/chats/2/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: '', files: [file] }),
    });
    await chat.getByRole('button', { name: /^Send to Visitor/u }).click();
    await dana.tab.getByRole('img', { name: 'image.png' }).waitFor();
    expect([...lea.complaints, ...dana.complaints]).toEqual([]);
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
