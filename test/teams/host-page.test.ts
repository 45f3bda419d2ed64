import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import {
  ask,
  botId,
  cardMessage,
  chatOf,
  type Office,
  offerCard,
  openOffice,
  people,
  tenantId,
} from './office.ts';

const { resolve } = createRequire(import.meta.url);
const teamsJs = resolve('@microsoft/teams-js');
const axe = resolve('axe-core/axe.min.js');

// A tab as a customer of teams-js would write it: the unmodified library, and what it says as text.
const tabPage = `<!doctype html><title>tab</title><script src="/test-tab/teams.js"></script><script src="/test-tab/tab.js"></script>
<p id="theme"></p><p id="page"></p><p id="user"></p><p id="tenant"></p><p id="token"></p>
<button id="link">Open s2</button><button id="fail">Fail</button>`;
const tabScript = `addEventListener('DOMContentLoaded', async () => {
  const { app, authentication } = microsoftTeams;
  const put = (id, text) => (document.getElementById(id).textContent = text);
  await app.initialize();
  app.registerOnThemeChangeHandler((theme) => put('theme', theme));
  const context = await app.getContext();
  put('theme', context.app.theme);
  put('page', context.page.subPageId ?? 'none');
  put('user', context.user.displayName + ' ' + context.user.id);
  put('tenant', context.user.tenant.id);
  put('token', await authentication.getAuthToken());
  document.getElementById('link').onclick = () =>
    app.openLink('https://teams.microsoft.com/l/entity/${botId}/inbox?context=' + encodeURIComponent('{"subEntityId":"s2"}'));
  document.getElementById('fail').onclick = () => app.notifyFailure({ reason: app.FailedReason.Other, message: 'No inbox today' });
  app.notifyAppLoaded();
  app.notifySuccess();
});`;

let browser: Browser;
let office: Office;
let troubles: string[];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
  troubles = [];
  office = await openOffice({
    onMessage: (context) =>
      context.sendActivity(context.activity.text ? `You said **${context.activity.text}**` : 'Noted'),
    onInvoke: (context) => Promise.resolve(answerTo(context.activity.value as Invoked)),
  });
  const serve = (path: string, type: string, content: () => Promise<string>) =>
    office.server.get(path, async (_req, res) => {
      res.writeHead(200, { 'Content-Type': type });
      res.end(await content());
    });
  serve('/test-tab/', 'text/html', () => Promise.resolve(tabPage));
  serve('/test-tab/tab.js', 'text/javascript', () => Promise.resolve(tabScript));
  serve('/test-tab/teams.js', 'text/javascript', () => readFile(teamsJs, 'utf8'));
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await office.close();
});

interface Invoked {
  readonly action: { readonly verb: string; readonly data: unknown };
}

function answerTo({ action }: Invoked) {
  const card = { ...offerCard(`Yours: ${JSON.stringify(action.data)}`), actions: [] };
  switch (action.verb) {
    case 'reconnect/accept':
      return {
        status: 200,
        body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card },
      };
    case 'reconnect/decline':
      return {
        status: 200,
        body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Passed on.' },
      };
    default:
      return { status: 501 };
  }
}

async function openTeams(path: string): Promise<{ page: Page; tab: FrameLocator }> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    // teams-js itself asks Microsoft for its list of hosts when it is loaded; the host page asks nobody.
    const isOurs = request.url().startsWith(office.origin) || request.frame() !== page.mainFrame();
    if (!isOurs && !request.url().startsWith('data:')) troubles.push(request.url());
  });
  await page.goto(office.origin + path);
  return { page, tab: page.frameLocator('iframe[title=Inbox]') };
}

const textIs = (tab: FrameLocator | Page, selector: string, text: string) =>
  tab
    .locator(selector)
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor({ state: 'attached', timeout: 60_000 });

const chatIn = (page: Page) => page.getByRole('region', { name: 'Reconnect bot chat' });

const sendTo = async (n: number, activity: object) => {
  const at = `/local/connector/teams/v3/conversations/${encodeURIComponent((await chatOf(office, n)).id)}/activities`;
  return (await ask(office, at, activity)).body as { id: string };
};

test('a tab with the unmodified teams-js gets its context, a token and every change of theme', async () => {
  const { page, tab } = await openTeams('/teams?agent=2&subPageId=s7');
  await textIs(tab, '#token', `signed-for-${people[1].oid}`);
  await textIs(tab, '#user', `${people[1].name} ${people[1].oid}`);
  await textIs(tab, '#tenant', tenantId);
  await textIs(tab, '#page', 's7');
  await textIs(tab, '#theme', 'default');

  await page.getByLabel('Theme').selectOption('High contrast');
  await textIs(tab, '#theme', 'contrast');
  await page.getByLabel('Theme').selectOption('Dark');
  await textIs(tab, '#theme', 'dark');
  expect(troubles.filter((text) => !text.includes('ERR_'))).toEqual([]);
});

test('an agent who presses a button on a card sees the card replaced, also after a reload', async () => {
  const { page } = await openTeams('/teams');
  const { id } = await sendTo(1, cardMessage(offerCard()));
  await chatIn(page).getByRole('button', { name: 'Decline' }).click();
  await chatIn(page).getByText('Passed on.').waitFor();
  await chatIn(page).getByRole('button', { name: 'Accept' }).click();

  await chatIn(page).getByText('Yours: {"session":"s1"}').waitFor();
  expect(office.heard.at(-1)).toMatchObject({
    type: 'invoke',
    name: 'adaptiveCard/action',
    from: { aadObjectId: people[0].oid },
    replyToId: id,
    value: {
      action: { type: 'Action.Execute', verb: 'reconnect/accept', data: { session: 's1' } },
      trigger: 'manual',
    },
  });
  expect(await chatIn(page).getByRole('button', { name: 'Accept' }).count()).toBe(0);
  await page.reload();
  await chatIn(page).getByText('Yours: {"session":"s1"}').waitFor();
});

test('an agent is told in words when the bot does not know a button', async () => {
  const { page } = await openTeams('/teams');
  await sendTo(
    1,
    cardMessage({ ...offerCard(), actions: [{ type: 'Action.Execute', title: 'Odd', verb: 'odd' }] }),
  );
  await chatIn(page).getByRole('button', { name: 'Odd' }).click();

  await chatIn(page).getByText('The bot does not know this button.').waitFor();
});

test('the inputs of a card come with its Action.Submit', async () => {
  const { page } = await openTeams('/teams');
  await sendTo(
    1,
    cardMessage({
      type: 'AdaptiveCard',
      version: '1.5',
      body: [{ type: 'Input.Text', id: 'why', label: 'Why' }],
      actions: [{ type: 'Action.Submit', title: 'Save', data: { a: 1 } }],
    }),
  );
  await chatIn(page).getByLabel('Why').fill('lunch');
  await chatIn(page).getByRole('button', { name: 'Save' }).click();

  await chatIn(page).getByText('Noted').waitFor();
  expect(office.heard.at(-1)?.value).toEqual({ a: 1, why: 'lunch' });
});

test('a deep link on a card or in the tab opens that page of the tab', async () => {
  const { page, tab } = await openTeams('/teams');
  await textIs(tab, '#page', 'none');
  await sendTo(1, cardMessage(offerCard()));
  await chatIn(page).getByRole('link', { name: 'Open in Inbox' }).click();
  await textIs(tab, '#page', 's1');

  await tab.locator('#link').click();
  await textIs(tab, '#page', 's2');
  expect(page.url()).toBe(`${office.origin}/teams`);
});

test('two agents side by side each have their own chat, live', async () => {
  const [first, second] = [await openTeams('/teams?agent=1'), await openTeams('/teams?agent=2')];
  await first.page.getByRole('textbox', { name: 'Message the bot' }).fill('hello <b>bot</b>');
  await first.page.keyboard.press('Enter');
  await chatIn(first.page).getByText('You said hello <b>bot</b>').waitFor();

  const { id } = await sendTo(2, { type: 'message', text: 'for Ines' });
  await chatIn(second.page).getByText('for Ines').waitFor();
  const url = `${office.serviceUrl}/v3/conversations/${encodeURIComponent((await chatOf(office, 2)).id)}/activities/${id}`;
  await fetch(url, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{"type":"message","text":"edited"}',
  });
  await chatIn(second.page).getByText('edited').waitFor();
  await fetch(url, { method: 'DELETE' });
  await chatIn(second.page).getByText('edited').waitFor({ state: 'detached' });
  expect(await chatIn(first.page).getByText('Ines').count()).toBe(0);
});

test('a chat left open heals by itself when everything restarts', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'teams-')), 'teams.sqlite');
  const port = Number(new URL(office.origin).port);
  await office.close();
  office = await openOffice({ file, port });
  const { page } = await openTeams('/teams');
  await sendTo(1, { type: 'message', text: 'before' });
  await chatIn(page).getByText('before').waitFor();

  await office.close();
  await chatIn(page).getByText('Reconnecting…').waitFor();
  office = await openOffice({ file, port });
  await sendTo(1, { type: 'message', text: 'after' });
  await chatIn(page).getByText('after').waitFor();
  expect(await chatIn(page).getByText('before').count()).toBe(1);
  expect(await chatIn(page).getByText('Reconnecting…').count()).toBe(0);
});

test('a tab that cannot start says so, and can be loaded again', async () => {
  const { page, tab } = await openTeams('/teams');
  await tab.locator('#fail').click();
  await page.getByText('No inbox today').waitFor();
  await page.getByRole('button', { name: 'Reload' }).click();

  await textIs(tab, '#theme', 'default');
  expect(await page.getByRole('alert').isVisible()).toBe(false);
});

test.each(['Light', 'Dark', 'High contrast'])(
  'the %s page has nothing in the way of a screen reader',
  async (theme) => {
    const { page } = await openTeams('/teams');
    await sendTo(1, cardMessage(offerCard()));
    await page.getByLabel('Theme').selectOption(theme);
    await chatIn(page).getByRole('button', { name: 'Accept' }).waitFor();
    await page.evaluate(await readFile(axe, 'utf8'));

    const violations = await page.evaluate(
      'axe.run({ iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]))',
    );
    expect(violations).toEqual([]);
  },
);

test('the whole page fits 1366 by 768, and most of it is the tab', async () => {
  const { page } = await openTeams('/teams');
  const frame = await page.locator('iframe').boundingBox();
  const size = await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
  );

  expect(size).toEqual([1366, 768]);
  expect(frame!.width).toBeGreaterThan(900);
  expect(await page.getByRole('textbox', { name: 'Message the bot' }).isVisible()).toBe(true);
});
