import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { type FakeHouse, openFakeHouse } from './house.ts';

let browser: Browser;
let house: FakeHouse;
let context: BrowserContext;
const wrong: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openFakeHouse();
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await house.close();
  wrong.length = 0;
});

async function open(prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  await prepare?.(page);
  await page.goto(house.origin);
  return page;
}

const status = (page: Page) => page.getByRole('status').first();
const statusIs = (page: Page, text: string, timeout = 60_000) =>
  expect.poll(() => status(page).innerText(), { timeout }).toBe(text);
const composer = (page: Page) => page.locator('[data-id=webchat-sendbox-input]');
const write = async (page: Page, text: string) => {
  await composer(page).fill(text);
  await composer(page).press('Enter');
};
/** What stands in the log, as a person sees it: side and words. */
const conversation = (page: Page) =>
  page.evaluate<string[]>(`
    [...document.querySelectorAll('[role=log] :is(.webchat__bubble__content, .notice)')].map((one) => {
      if (one.classList.contains('notice')) return '· ' + one.textContent;
      return (one.closest('.webchat__bubble--from-user') ? '> ' : '< ') + one.textContent.trim();
    })`);
const shows = (page: Page, lines: readonly string[]) => expect.poll(() => conversation(page)).toEqual(lines);
/** Where Direct Line takes what is said. */
const POSTS = '**/v3/directline/conversations/*/activities';
const asked = (path: string) => house.asked.filter((one) => one.path === path);
const said = () => house.ledger.map(({ text }) => text);

/** Two tabs of a customer who talks with Jonas; the first leads. */
async function twoTabs(prepare?: (page: Page) => Promise<unknown>): Promise<readonly [Page, Page]> {
  const first = await open(prepare);
  await statusIs(first, 'Connected');
  await write(first, 'Hello');
  await shows(first, ['> Hello', '< You said: Hello']);
  await house.become({ status: 'active', agent: 'Jonas' });
  await statusIs(first, 'Connected with Jonas');
  const second = await open(prepare);
  await statusIs(second, 'Connected with Jonas');
  await shows(second, ['> Hello', '< You said: Hello']);
  return [first, second];
}

it('row 81: two tabs show the same chat, whichever is written in, and keep their drafts to themselves', async () => {
  const [first, second] = await twoTabs();
  await composer(first).fill('half a sent');
  await write(second, 'from two');
  await house.agentSays('Good.');
  const lines = ['> Hello', '< You said: Hello', '> from two', '< Good.'];
  await shows(first, lines);
  await shows(second, lines);
  expect(await composer(first).inputValue()).toBe('half a sent');
  expect(await composer(second).inputValue()).toBe('');
  await composer(first).press('Enter');
  await shows(second, [...lines, '> half a sent']);
  await shows(first, [...lines, '> half a sent']);
  expect(asked('/api/directline/token')).toHaveLength(1);
  expect(wrong).toEqual([]);
});

it('two tabs that open in the same moment have one conversation', async () => {
  const [first, second] = await Promise.all([open(), open()]);
  await Promise.all([statusIs(first, 'Connected'), statusIs(second, 'Connected')]);
  await write(second, 'Hello');
  await shows(first, ['> Hello', '< You said: Hello']);
  expect(asked('/api/directline/token')).toHaveLength(1);
});

it('two tabs that are restored without a network wait for it together', async () => {
  const tabs = await twoTabs();
  for (const tab of tabs) await tab.goto('about:blank');
  // Longer than a page waits for one that does not answer.
  house.failNext('/api/directline/token', 0, 5);
  for (const tab of tabs) await tab.goBack({ waitUntil: 'commit' });
  for (const tab of tabs) await statusIs(tab, 'Connected with Jonas');
  await write(tabs[0], 'one');
  for (const tab of tabs) await shows(tab, ['> Hello', '< You said: Hello', '> one']);
  expect(
    asked('/api/directline/token').filter(({ body }) => body['conversation'] === undefined),
  ).toHaveLength(1);
});

it.each([
  ['before it was sent', async (first: Page) => first.route(POSTS, () => {})],
  ['before its sending was confirmed', () => Promise.resolve((house.line.knobs.botDelayMs = 1_500))],
] as const)(
  'what was typed in either tab arrives once although the leading one is closed %s',
  async (_name, delay) => {
    const [first, second] = await twoTabs();
    await delay(first);
    await write(second, 'one');
    await write(second, 'two');
    await write(first, 'three');
    await first.close();
    await expect.poll(() => said().length).toBe(5);
    await expect.poll(async () => (await conversation(second)).length).toBe(5);
    await house.agentSays('Good.');
    await expect.poll(async () => (await conversation(second)).at(-1)).toBe('< Good.');
    expect((await conversation(second)).toSorted()).toEqual(
      ['> Hello', '< You said: Hello', '> one', '> two', '> three', '< Good.'].toSorted(),
    );
    expect(said().toSorted()).toEqual(['Good.', 'Hello', 'You said: Hello', 'one', 'three', 'two']);
    expect(asked('/api/directline/token')).toHaveLength(1);
  },
);

it('the tab that goes on tells at once that the customer is here, and never that they leave', async () => {
  const [first] = await twoTabs();
  const before = asked('/api/presence').length;
  await first.close({ runBeforeUnload: false });
  await expect.poll(() => asked('/api/presence').length).toBeGreaterThan(before);
  await expect.poll(() => asked('/api/presence').at(-1)?.body['leaving']).toBeUndefined();
});

it('a tab that follows is closed without a word', async () => {
  const [, second] = await twoTabs();
  const before = asked('/api/presence').length;
  await second.goto('about:blank');
  await house.agentSays('Still there?');
  expect(asked('/api/presence').slice(before)).toEqual([]);
});

it('an end in one tab is the end in the other, and a third tab opens a chat of its own', async () => {
  const [first, second] = await twoTabs();
  await second.getByRole('button', { name: 'End chat' }).click();
  house.clock.advance(5_000);
  await statusIs(second, 'Chat ended');
  await statusIs(first, 'Chat ended');
  const third = await open();
  await statusIs(third, 'Connected');
  expect(await conversation(third)).toEqual([]);
  await statusIs(first, 'Chat ended');
});

it('a prompt and its answer are in both tabs; one of two answers is enough', async () => {
  house.say({ side: 'agent', name: 'Jonas', text: 'It leaves tonight.' });
  await house.become({ status: 'active', agent: 'Jonas' });
  const first = await open();
  await first.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
  const second = await open();
  await second.getByRole('button', { name: 'Continue with Jonas' }).click();
  const lines = ['< It leaves tonight.', '· You continued with Jonas'];
  await shows(second, lines);
  await shows(first, lines);
  await statusIs(first, 'Connected with Jonas');
  expect(asked('/api/reconnect')).toHaveLength(1);
});

it('an answer given in one tab is not lost with the tab that had to carry it', async () => {
  house.say({ side: 'agent', name: 'Jonas', text: 'It leaves tonight.' });
  await house.become({ status: 'active', agent: 'Jonas' });
  const first = await open();
  await first.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
  const second = await open();
  await second.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
  house.failNext('/api/reconnect', 503, 2);
  await second.getByRole('button', { name: 'Continue with Jonas' }).click();
  await expect.poll(() => asked('/api/reconnect').length).toBe(1);
  await first.close();
  await statusIs(second, 'Connected with Jonas');
  await shows(second, ['< It leaves tonight.', '· You continued with Jonas']);
});

it('New chat in one tab leaves the other where it was; continuing there brings it along', async () => {
  const [first, second] = await twoTabs();
  await first.getByRole('button', { name: 'New chat' }).click();
  await first.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
  await write(second, 'I stay');
  await expect.poll(() => said().at(-1)).toBe('I stay');
  await composer(second).fill('half a sent');

  await first.getByRole('button', { name: 'Continue with Jonas' }).click();
  const lines = ['> Hello', '< You said: Hello', '> I stay', '· You continued with Jonas'];
  await shows(first, lines);
  await shows(second, lines);
  expect(await composer(second).inputValue()).toBe('half a sent');
  await house.agentSays('Welcome back.');
  await shows(second, [...lines, '< Welcome back.']);
  await statusIs(second, 'Connected with Jonas');
});

it.each(['the leading', 'the following'])('a reload of %s tab changes nothing in either', async (which) => {
  const tabs = await twoTabs();
  await tabs[which === 'the leading' ? 0 : 1].reload();
  const lines = ['> Hello', '< You said: Hello'];
  for (const tab of tabs) await shows(tab, lines);
  await write(tabs[0], 'one');
  await write(tabs[1], 'two');
  for (const tab of tabs)
    await expect
      .poll(async () => (await conversation(tab)).toSorted(), { timeout: 60_000 })
      .toEqual(['< You said: Hello', '> Hello', '> one', '> two']);
  await statusIs(tabs[0], 'Connected with Jonas');
});

it('a tab that stands still loses the lead, and is in step again when it moves', async () => {
  const [first, second] = await twoTabs();
  // A busy loop is as deaf as a page that the system has frozen.
  const asleep = first.evaluate('const end = Date.now() + 9000; while (Date.now() < end);');
  await write(second, 'Anybody?');
  await expect.poll(() => said().at(-1)).toBe('Anybody?');
  await asleep;
  const lines = ['> Hello', '< You said: Hello', '> Anybody?'];
  await shows(first, lines);
  await shows(second, lines);
  await write(first, 'I am back');
  await shows(second, [...lines, '> I am back']);
  await shows(first, [...lines, '> I am back']);
});

/** Counts the tones of a page, which nobody looks at. */
const unseen = (page: Page) =>
  page.addInitScript({
    content: `
      globalThis.tones = 0;
      document.hasFocus = () => false;
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (when) {
        tones += 1;
        start.call(this, when);
      };`,
  });
const tones = (page: Page) => page.evaluate<number>('tones');

it('an agent who writes to tabs that nobody looks at is heard once', async () => {
  const [first, second] = await twoTabs(unseen);
  await house.agentSays('There you are.');
  await shows(second, ['> Hello', '< You said: Hello', '< There you are.']);
  await expect.poll(async () => (await tones(first)) + (await tones(second))).toBe(1);
  await house.tell('left', 'Jonas has left.');
  await expect.poll(async () => (await conversation(second)).at(-1)).toBe('· Jonas has left.');
  expect((await tones(first)) + (await tones(second))).toBe(1);
});

it('an agent who writes to a tab that is looked at is not heard', async () => {
  const first = await open(unseen);
  await write(first, 'Hello');
  await house.become({ status: 'active', agent: 'Jonas' });
  const second = await open();
  await statusIs(second, 'Connected with Jonas');
  await house.agentSays('There you are.');
  await expect.poll(async () => (await conversation(first)).at(-1)).toBe('< There you are.');
  expect(await tones(first)).toBe(0);
});

it('the customer is hidden only when every tab is', async () => {
  const [first, second] = await twoTabs();
  const hide = (page: Page, hidden: boolean) =>
    page.evaluate(`
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
      document.dispatchEvent(new Event('visibilitychange'));`);
  const told = () => asked('/api/presence').at(-1)?.body['hidden'];
  await hide(first, true);
  await expect.poll(told).toBe(false);
  await hide(second, true);
  await expect.poll(told).toBe(true);
  await hide(second, false);
  await expect.poll(told).toBe(false);
});

it('a computer that wakes up tells so at once, and listens on a line of its own', async () => {
  const page = await open((one) =>
    one.addInitScript({
      content: 'globalThis.slept = 0; const real = Date.now; Date.now = () => real() + slept;',
    }),
  );
  await write(page, 'Hello');
  await shows(page, ['> Hello', '< You said: Hello']);
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const before = asked('/api/presence').length;
  await page.evaluate('slept = 3 * 3_600_000');
  await expect.poll(() => sockets.length).toBe(1);
  expect(asked('/api/presence').length).toBe(before + 1);
  await write(page, 'again');
  await shows(page, ['> Hello', '< You said: Hello', '> again', '< You said: again']);
});

it('somebody who is signed in is no part of the chat in a tab that is not', async () => {
  const [first] = await twoTabs();
  const third = await open((page) =>
    page.addInitScript({ content: "localStorage.setItem('site-person', 'lea')" }),
  );
  await third.getByRole('button', { name: 'Start fresh' }).waitFor();
  expect(await conversation(third)).not.toContain('> Hello');
  await statusIs(first, 'Connected with Jonas');
  expect(asked('/api/directline/token')).toHaveLength(2);
});

it.each([
  [
    'cookies and storage',
    `for (const name of ['localStorage', 'sessionStorage'])
       Object.defineProperty(globalThis, name, { get: () => { throw new DOMException('no', 'SecurityError'); } });
     navigator.locks.query = () => Promise.reject(new DOMException('no', 'SecurityError'));`,
  ],
  ['locks', `Object.defineProperty(navigator, 'locks', { value: undefined });`],
  ['channels', `delete globalThis.BroadcastChannel;`],
] as const)('a browser without %s chats in one tab as ever', async (_name, without) => {
  const page = await open((one) => one.addInitScript({ content: without }));
  await write(page, 'Hello');
  await shows(page, ['> Hello', '< You said: Hello']);
  house.line.dropSockets();
  await write(page, 'again');
  await shows(page, ['> Hello', '< You said: Hello', '> again', '< You said: again']);
  expect(wrong).toEqual([]);
});

it.each([-1, 1])('a clock that is wrong by %i hour keeps the lines in order', async (hours) => {
  const page = await open((one) =>
    one.addInitScript((wrongBy) => {
      const real = Date.now;
      Date.now = () => real() + wrongBy;
    }, hours * 3_600_000),
  );
  await write(page, 'Hello');
  await shows(page, ['> Hello', '< You said: Hello']);
  let send = () => {};
  const held = new Promise<void>((resolve) => (send = resolve));
  await page.route(POSTS, async (route) => {
    await held;
    await route.continue();
  });
  await write(page, 'again');
  await shows(page, ['> Hello', '< You said: Hello', '> again']);
  send();
  await shows(page, ['> Hello', '< You said: Hello', '> again', '< You said: again']);
});

it('an ended chat that is loaded again shows all that was said', async () => {
  const [first, second] = await twoTabs();
  await second.close();
  await house.agentSays('It leaves tonight.');
  await house.become({ status: 'closed' });
  await statusIs(first, 'Chat ended');
  house.line.dropSockets();
  house.clock.advance(7_200_000);
  await first.reload();
  await statusIs(first, 'Chat ended');
  await shows(first, ['> Hello', '< You said: Hello', '< It leaves tonight.']);
});
