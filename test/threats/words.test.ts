import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { agentAt, customerAt, type Agent } from '../journey/people.ts';
import { DANGEROUS } from '../pages/hostile.ts';
import { openChat, openHouse, until, type TestHouse } from '../server/house.ts';
import { hostileAt } from './hostile-at.ts';

/** Whatever a page is made to fetch, it fetches here. */
let canary: Server;
let fetched: string[];
let corpus: readonly string[];
let house: TestHouse;
let browser: Browser;
let jonas: Agent;
const dialogs: string[] = [];
beforeAll(async () => {
  fetched = [];
  canary = createServer((request, response) => {
    fetched.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  corpus = hostileAt(`http://127.0.0.1:${(canary.address() as AddressInfo).port}`);
  house = await openHouse();
  browser = await launchChromium();
  jonas = await agentAt(browser, house.origin, 1);
  listens(jonas.page);
});
afterAll(async () => {
  await browser.close();
  await house.close();
  canary.closeAllConnections();
  await new Promise((resolve) => canary.close(resolve));
});

function listens(page: Page): void {
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
}
/** Sixty lines take Web Chat their time on a busy machine. */
const theEnd = (page: Page): Promise<void> =>
  page.getByRole('log', { name: 'Conversation' }).getByText('The end').last().waitFor({ timeout: 120_000 });
/** What the browser itself says it has kept from running or loading. */
const kept = (complaints: readonly string[]) => complaints.filter((one) => /Content Security/u.test(one));
const bearer = async () => ({ bearer: await house.tabToken() });
const sidOf = ({ userId }: { readonly userId: string }): Promise<string> =>
  until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, await bearer());
    return (body['rows'] as { readonly sid: string }[]).find(({ sid }) => sid.startsWith(userId))?.sid;
  }, 'they stand in the queue');
const acts = async (sid: string, act: object) =>
  house.ask(
    'POST',
    `/api/sessions/${encodeURIComponent(sid)}/acts`,
    { id: crypto.randomUUID(), ...act },
    await bearer(),
  );

test('T25: nothing that a customer writes, is called or names a file does anything in the tab, nor on the cards beside it', async () => {
  expect(corpus.length).toBeGreaterThanOrEqual(60);
  const name = '<img src=x onerror="window.hit=1">[Mallory](javascript:window.hit=1)';
  const mallory = await openChat(house, { bearer: await house.siteToken(name) });
  await mallory.say('agent');
  const sid = await sidOf(mallory);
  expect((await acts(sid, { act: 'accept' })).status).toBe(200);
  for (const [i, text] of corpus.entries()) {
    const attachments = [
      { contentType: 'text/plain', name: `${text}.png`, contentUrl: `javascript:window.hit=${i}` },
      { contentType: 'application/vnd.microsoft.card.adaptive', content: JSON.parse(CARD) as unknown },
    ];
    const said = await mallory.say(text, i % 10 === 0 ? { attachments } : {});
    expect([text, said.status]).toEqual([text, 200]);
  }
  await mallory.say('The end');

  await jonas.list('Mine');
  await jonas.open('Mallory');
  const log = jonas.tab.getByRole('log', { name: 'Transcript' });
  await log.getByText('The end').waitFor({ timeout: 120_000 });
  const inbox = jonas.page.frames().find((each) => each.url().endsWith('/inbox/'));
  expect(await inbox?.evaluate<string[]>(DANGEROUS)).toEqual([]);
  expect(await log.getByText('<script>window.hit=1</script>').count()).toBeGreaterThan(0);
  expect(await log.getByRole('img').count()).toBe(0);
  expect(await inbox?.evaluate('window.hit')).toBeUndefined();

  // Beside it the bot's chat shows the card, with her name and, once it is drawn anew, her last words.
  expect((await acts(sid, { act: 'suspend' })).status).toBe(200);
  await jonas.card().getByText('The end').first().waitFor({ timeout: 120_000 });
  expect(await jonas.page.evaluate('window.hit')).toBeUndefined();
  const links = await jonas.card().locator('a[href], area[href]').all();
  for (const one of links) expect(await one.getAttribute('href')).toMatch(/^https?:/u);
  expect([kept(jonas.complaints), dialogs, fetched]).toEqual([[], [], []]);
}, 300_000);

test('T27: nothing that an agent writes does anything in the customer’s page, nor what the customer wrote themselves', async () => {
  const context = await browser.newContext();
  const lea = await customerAt(context, `${house.origin}/`);
  listens(lea.page);
  await lea.sees('Hello!');
  await lea.says('agent');
  // Asked of the page: to ask the house would open another chat, and might bring this one along.
  const sid = await until(
    () =>
      lea.page.evaluate<string | undefined>(
        `JSON.parse(sessionStorage.getItem('reconnect:support') ?? '{}').sid`,
      ),
    'their page knows their session',
  );
  expect((await acts(sid, { act: 'accept' })).status).toBe(200);
  await lea.sees('Jonas is here');
  for (const text of corpus)
    expect([text, (await acts(sid, { act: 'message', text })).status]).toEqual([text, 200]);
  expect((await acts(sid, { act: 'message', text: 'The end' })).status).toBe(200);
  await theEnd(lea.page);
  const looked = async (): Promise<void> => {
    const found = await lea.page.evaluate<string[]>(DANGEROUS);
    // Web Chat makes a picture of it; the page's policy lets none in but its own and the channel's.
    expect(found.filter((one) => one !== 'IMG src=x')).toEqual([]);
    expect(await lea.page.evaluate('window.hit')).toBeUndefined();
    expect([dialogs, fetched]).toEqual([[], []]);
  };
  await looked();
  // And as the transcript of a page that is opened again.
  await lea.page.reload();
  await theEnd(lea.page);
  await looked();
}, 300_000);

const CARD = `{"type":"AdaptiveCard","version":"1.3","body":[{"type":"Image","url":"http://127.0.0.1:1/x.png"}],"actions":[{"type":"Action.OpenUrl","title":"press","url":"javascript:window.hit=1"}]}`;
