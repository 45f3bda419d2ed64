/** The unmodified clients in a real browser: Web Chat, and botframework-directlinejs by itself. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { type House, openHouse, until } from './house.ts';

let browser: Browser;
let house: House;
let page: Page;
beforeAll(async () => (browser = await launchChromium()));
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openHouse();
  page = await browser.newPage();
  await page.goto(`${house.origin}/page.html`);
});
afterEach(async () => {
  await page.close();
  await house.close();
});

/** What pages of these tests keep on their window. */
interface Lab {
  DirectLine: { DirectLine: new (options: object) => Line };
  WebChat: {
    createDirectLine: (options: object) => Line;
    renderWebChat: (options: object, at: unknown) => void;
  };
  line: Line;
  statuses: number[];
  seen: {
    id: string;
    text?: string;
    from: { id: string };
    at: number;
    attachments?: { contentUrl: string }[];
  }[];
}
interface Line {
  conversationId: string;
  token: string;
  watermark: string;
  connectionStatus$: { subscribe: (next: (status: number) => void) => void };
  activity$: { subscribe: (next: (activity: Lab['seen'][number]) => void, failed?: () => void) => void };
  postActivity: (activity: object) => {
    subscribe: (next: (id: string) => void, failed: (error: unknown) => void) => void;
  };
}
const online = 2;
const expired = 3;
const ended = 5;

describe('Web Chat', () => {
  /** Renders it for a new conversation of Ann's. */
  const open = async () => {
    const { token, conversationId } = await house.line.issueToken({ id: 'dl_ann', name: 'Ann' });
    await page.addScriptTag({ url: '/webchat.js' });
    await page.evaluate((token) => {
      const lab = globalThis as unknown as Lab;
      const { location, document } = globalThis as unknown as {
        location: URL;
        document: { getElementById: (id: string) => unknown };
      };
      lab.line = lab.WebChat.createDirectLine({ token, domain: `${location.origin}/v3/directline` });
      lab.statuses = [];
      lab.line.connectionStatus$.subscribe((status) => lab.statuses.push(status));
      lab.WebChat.renderWebChat({ directLine: lab.line, locale: 'en-US' }, document.getElementById('chat'));
    }, token);
    await page.getByRole('textbox').waitFor();
    await until(async () => (await statuses()).includes(online));
    return conversationId;
  };
  const say = async (text: string) => {
    await page.getByRole('textbox').fill(text);
    await page.keyboard.press('Enter');
  };
  const bubble = (text: string) => page.locator('.webchat__bubble__content', { hasText: text });
  const statuses = () => page.evaluate(() => (globalThis as unknown as Lab).statuses);

  it('sends, sees its own message sent, and the answer', async () => {
    await open();
    await say('good morning');
    await bubble('echo good morning').waitFor();
    await page.getByText('Sending').waitFor({ state: 'hidden' });
    expect(await page.getByText('Send failed').count()).toBe(0);
    expect(house.heard.find(({ text }) => text === 'good morning')).toMatchObject({ from: { id: 'dl_ann' } });
  });

  it('shows a message from outside a turn at once, when it answers nothing', async () => {
    const conversation = await open();
    await say('hi');
    await bubble('echo hi').waitFor();
    const sentAt = Date.now();
    await house.sendLater(conversation, { type: 'message', text: 'by the way' });
    await bubble('by the way').waitFor();
    // With an invented replyToId it would be held back for five seconds.
    expect(Date.now() - sentAt).toBeLessThan(2_500);
  });

  it('ends on an expired token, and says that the message was not sent', async () => {
    await open();
    house.clock.advance(3_600_001);
    await say('too late');
    await page.getByText('Send failed').first().waitFor();
    expect((await statuses()).slice(-2)).toEqual([expired, ended]);
  });

  it('uploads a file that bot and customer can open', async () => {
    await open();
    house.onMessage = (context) => context.sendActivity(`got ${context.activity.attachments?.[0]?.name}`);
    const file = { name: 'näh "1".txt', mimeType: 'text/plain', buffer: Buffer.from('content of the file') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.keyboard.press('Enter');
    const sent = await until(async () => {
      if (house.heard.every(({ type }) => type !== 'message'))
        await page
          .getByTitle('Send')
          .click({ timeout: 500 })
          .catch(() => {});
      return house.heard.find(({ attachments }) => attachments?.length === 1);
    });
    expect(sent.attachments![0]).toMatchObject({ name: file.name, contentType: 'text/plain' });
    const served = await fetch(sent.attachments![0]!.contentUrl!);
    expect(await served.text()).toBe('content of the file');
    expect(served.headers.get('content-security-policy')).toContain('sandbox');
    await bubble('got näh').waitFor();
  });
});

describe('botframework-directlinejs', () => {
  /** Connects with options of the client; messages collect in `seen`. Reconnects after 3 s, the least there is. */
  const connect = async (options: object) => {
    await page.addScriptTag({ url: '/directline.js' });
    await page.evaluate((options) => {
      const lab = globalThis as unknown as Lab;
      const { location } = globalThis as unknown as { location: URL };
      lab.line = new lab.DirectLine.DirectLine({
        ...options,
        domain: `${location.origin}/v3/directline`,
        random: () => 0,
      });
      lab.statuses = [];
      lab.seen = [];
      lab.line.connectionStatus$.subscribe((status) => lab.statuses.push(status));
      lab.line.activity$.subscribe(
        (activity) => lab.seen.push(activity),
        () => {},
      );
    }, options);
    await until(async () =>
      (await page.evaluate(() => (globalThis as unknown as Lab).statuses)).includes(online),
    );
  };
  const say = (text: string) =>
    page.evaluate(
      (text) =>
        new Promise<string>((resolve) => {
          const activity = { type: 'message', text, from: { id: 'whoever' } };
          (globalThis as unknown as Lab).line
            .postActivity(activity)
            .subscribe(resolve, (error) => resolve(String(error)));
        }),
      text,
    );
  const texts = () => page.evaluate(() => (globalThis as unknown as Lab).seen.map(({ text }) => text));
  const state = () =>
    page.evaluate(() => {
      const { conversationId, token, watermark } = (globalThis as unknown as Lab).line;
      return { conversationId, token, watermark };
    });

  it('heals a broken socket by itself and misses nothing', async () => {
    const { token, conversationId } = await house.line.issueToken({ id: 'dl_ann' });
    await connect({ token });
    expect(await say('hi')).toBe(`${conversationId}|0000001`);
    await until(async () => (await texts()).length === 2);
    house.line.dropSockets();
    await house.sendLater(conversationId, { type: 'message', text: 'while away' });
    await until(async () => (await texts()).length === 3);
    expect(await texts()).toEqual(['hi', 'echo hi', 'while away']);
  });

  it('returns after a reload and a restart to everything after its watermark', async () => {
    const { token } = await house.line.issueToken({ id: 'dl_ann' });
    await connect({ token });
    await say('one');
    await until(async () => (await texts()).length === 2);
    const kept = await state();
    await house.restart();
    await page.goto(`${house.origin}/page.html`);
    await house.sendLater(kept.conversationId, { type: 'message', text: 'meanwhile' });
    await connect(kept);
    await until(async () => (await texts()).includes('meanwhile'));
    expect(await texts()).toEqual(['meanwhile']);
  });

  it.each([
    ['all', ['one', 'echo one', 'two', 'echo two']],
    ['none', ['two', 'echo two']],
  ] as const)('returns without a watermark to %s of what was said', async (emptyWatermark, expected) => {
    house.line.knobs.emptyWatermark = emptyWatermark;
    const { token, conversationId } = await house.line.issueToken({ id: 'dl_ann' });
    await connect({ token });
    await say('one');
    await page.goto(`${house.origin}/page.html`);
    await connect({ token, conversationId });
    await say('two');
    await until(async () => (await texts()).includes('echo two'));
    expect(await texts()).toEqual(expected);
  });

  it('is told to retry with an expired token, and starts over with a fresh one', async () => {
    const { token, conversationId } = await house.line.issueToken({ id: 'dl_ann' });
    await connect({ token });
    house.clock.advance(3_600_001);
    expect(await say('late')).toBe('retry');
    const fresh = await house.line.issueToken({ id: 'dl_ann' });
    await page.goto(`${house.origin}/page.html`);
    await connect({ token: fresh.token });
    expect(await say('new start')).toBe(`${fresh.conversationId}|0000001`);
    expect(fresh.conversationId).not.toBe(conversationId);
  });
});
