import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { type FakeHouse, type Looks, openFakeHouse } from './house.ts';

let browser: Browser;
let house: FakeHouse;
const wrong: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await house.close();
  wrong.length = 0;
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== house.origin && !['data:', 'blob:'].includes(protocol)) wrong.push(request.url());
  });
  await page.goto(house.origin);
  return page;
}

/** A customer who talked with Jonas, and whose browser is gone. */
async function afterTalking(looks: Looks = {}): Promise<void> {
  house = await openFakeHouse(looks);
  house.say({ side: 'customer', text: 'Where is my parcel?' });
  house.say({ side: 'bot', text: 'Shall I bring you to a person?' });
  house.say({ side: 'customer', text: 'agent' });
  house.say({ side: 'house', kind: 'notice', code: 'joined', text: 'Jonas is here.' });
  house.say({ side: 'agent', name: 'Jonas', text: 'It leaves tonight.' });
  await house.become({ status: 'active', agent: 'Jonas' });
}

const status = (page: Page) => page.getByRole('status');
const write = async (page: Page, text: string) => {
  const box = page.locator('[data-id=webchat-sendbox-input]');
  await box.fill(text);
  await box.press('Enter');
};
/** What stands in the log, as a person sees it: side and words. */
const conversation = (page: Page) =>
  page.evaluate<string[]>(`
    [...document.querySelectorAll('[role=log] :is(.webchat__bubble__content, .notice)')].map((one) => {
      if (one.classList.contains('notice')) return '· ' + one.textContent;
      return (one.closest('.webchat__bubble--from-user') ? '> ' : '< ') + one.textContent.trim();
    })`);
const asked = (path: string) => house.asked.filter((one) => one.path === path);
const talked = [
  '> Where is my parcel?',
  '< Shall I bring you to a person?',
  '> agent',
  '· Jonas is here.',
  '< It leaves tonight.',
];

it('a customer chats, and the browser has nothing to complain about', async () => {
  house = await openFakeHouse();
  const page = await open();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  await write(page, 'Hello');
  await expect.poll(() => conversation(page)).toEqual(['> Hello', '< You said: Hello']);
  expect(await page.getByRole('log').count()).toBe(1);
  expect(wrong).toEqual([]);
});

it('a customer on a slow line sees whose chat it is, and that it comes, before Web Chat is there', async () => {
  house = await openFakeHouse();
  const context = await browser.newContext();
  const page = await context.newPage();
  let comes = (): void => {};
  const webChat = new Promise<void>((resolve) => (comes = resolve));
  await page.route('**/vendor/webchat.js', async (route) => {
    await webChat;
    await route.continue();
  });
  await page.goto(house.origin, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Northwind' }).waitFor();
  await page.getByRole('img', { name: 'Loading the chat…' }).waitFor();
  expect(await page.locator('[data-id=webchat-sendbox-input]').count()).toBe(0);
  comes();
  await page.locator('[data-id=webchat-sendbox-input]').waitFor();
  await page.getByRole('img', { name: 'Loading the chat…' }).waitFor({ state: 'hidden' });
});

it('row 61: a customer who continues sees all that was said from the first line on, in order, once, and goes on', async () => {
  await afterTalking();
  const page = await open();
  const button = page.getByRole('button', { name: 'Continue with Jonas' });
  await expect.poll(() => page.locator(':focus').getAttribute('title')).toBe('Continue with Jonas');
  expect(await page.locator('[data-id=webchat-sendbox-input]').isVisible()).toBe(false);
  expect(await page.getByText('Choose first how to go on').isVisible()).toBe(true);

  await button.click();
  await expect.poll(() => conversation(page)).toEqual([...talked, '· You continued with Jonas']);
  expect(await status(page).innerText()).toBe('Connected with Jonas');
  await expect.poll(() => page.locator('[data-id=webchat-sendbox-input]:focus').count()).toBe(1);

  await house.agentSays('There you are.');
  await write(page, 'Thanks');
  await expect
    .poll(() => conversation(page))
    .toEqual([...talked, '· You continued with Jonas', '< There you are.', '> Thanks']);
  expect(wrong).toEqual([]);
});

it('two quick clicks on Continue are one return', async () => {
  await afterTalking();
  const page = await open();
  await page.getByRole('button', { name: 'Continue with Jonas' }).dblclick();
  await expect.poll(() => conversation(page)).toContain('· You continued with Jonas');
  expect(asked('/api/reconnect')).toHaveLength(1);
  expect(house.ledger).toHaveLength(5);
});

it('row 96: a return goes through although the network fails twice, with the same words, and is one', async () => {
  await afterTalking();
  house.failNext('/api/reconnect', 0, 2);
  const page = await open();
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await expect.poll(() => conversation(page), { timeout: 60_000 }).toContain('· You continued with Jonas');
  const bodies = asked('/api/reconnect').map(({ body }) => JSON.stringify(body));
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies).size).toBe(1);
});

it('a choice that came too late says so, and a new prompt comes', async () => {
  await afterTalking();
  house.failNext('/api/reconnect', 409, 1);
  const page = await open();
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await expect.poll(() => page.locator('#alert').innerText()).toBe('This choice is out of date.');
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await expect.poll(() => conversation(page)).toEqual([...talked, '· You continued with Jonas']);
  expect(await page.locator('#alert').isVisible()).toBe(false);
});

it('a reload goes on where the page was, with what was typed', async () => {
  house = await openFakeHouse();
  const page = await open();
  await write(page, 'Hello');
  await expect.poll(() => conversation(page)).toHaveLength(2);
  await page.locator('[data-id=webchat-sendbox-input]').fill('half a sent');
  await page.reload();
  await expect.poll(() => conversation(page)).toEqual(['> Hello', '< You said: Hello']);
  expect(await page.locator('[data-id=webchat-sendbox-input]').inputValue()).toBe('half a sent');
  await write(page, 'again');
  await expect
    .poll(() => conversation(page))
    .toEqual(['> Hello', '< You said: Hello', '> again', '< You said: again']);
  const [first, second] = asked('/api/directline/token').map(({ body }) => body['conversation']);
  expect([first, typeof second]).toEqual([undefined, 'string']);
  expect(wrong).toEqual([]);
});

it('what is written after the token has expired arrives, once, and nothing is asked of the customer', async () => {
  house = await openFakeHouse();
  const page = await open();
  await write(page, 'Hello');
  await expect.poll(() => conversation(page)).toHaveLength(2);
  house.clock.advance(7_200_000);
  house.line.dropSockets();
  await write(page, 'still here');
  await expect
    .poll(() => conversation(page), { timeout: 60_000 })
    .toEqual(['> Hello', '< You said: Hello', '> still here', '< You said: still here']);
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  expect(house.ledger.map(({ text }) => text)).toEqual([
    'Hello',
    'You said: Hello',
    'still here',
    'You said: still here',
  ]);
});

it('what is written while the network is gone arrives when it is back, in order', async () => {
  house = await openFakeHouse();
  const page = await open();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  await page.context().setOffline(true);
  await expect.poll(() => status(page).innerText()).toMatch(/^You are offline/);
  await write(page, 'one');
  await write(page, 'two');
  await page.context().setOffline(false);
  await expect
    .poll(() => house.ledger.filter(({ side }) => side === 'customer').map(({ text }) => text), {
      timeout: 60_000,
    })
    .toEqual(['one', 'two']);
  await expect.poll(() => conversation(page)).toHaveLength(4);
});

it('a message that the bot could not take is handed in again, and stands there once', async () => {
  house = await openFakeHouse();
  const page = await open();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  house.line.knobs.failNext = [502, 502];
  await write(page, 'Hello');
  await expect.poll(() => conversation(page)).toEqual(['> Hello', '< You said: Hello']);
});

it('a chat that is refused says so, and offers to try again', async () => {
  house = await openFakeHouse();
  house.failNext('/api/directline/token', 403, 1);
  const page = await open();
  await expect.poll(() => status(page).innerText()).toBe('The chat cannot be opened right now.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
});

it('row 97: a customer whose chat cannot be looked up is told so, is given no other, and finds it as soon as it can', async () => {
  await afterTalking();
  const works = house.failNext('/api/directline/token', 503, Infinity);
  const page = await open();
  await expect
    .poll(() => status(page).innerText(), { timeout: 60_000 })
    .toBe('Reconnecting… What you wrote is safe.');
  expect(await page.locator('[data-id=webchat-sendbox-input]').count()).toBe(0);
  expect(house.asked.filter(({ path }) => path.includes('/conversations'))).toEqual([]);
  works();
  await page.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
});

it('row 82: a lost socket is told, and told again when it is back', async () => {
  house = await openFakeHouse();
  const page = await open();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  house.line.dropSockets();
  await expect.poll(() => status(page).innerText()).toMatch(/^Reconnecting/);
  await expect.poll(() => status(page).innerText()).toBe('Connected');
});

it('a customer who waits for their agent is told by name', async () => {
  await afterTalking();
  const page = await open();
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await expect.poll(() => status(page).innerText()).toBe('Connected with Jonas');
  await page.getByRole('button', { name: 'Suspend' }).click();
  await expect.poll(() => status(page).innerText()).toBe('Waiting for Jonas');
});

it('whoever waits keeps their place when a line comes that does not tell of it', async () => {
  await afterTalking();
  const page = await open();
  await page.getByRole('button', { name: 'Continue' }).click();
  await status(page).getByText('Connected with Jonas').waitFor();
  await house.become({ status: 'queued', place: 3 });
  await status(page).getByText('You are in line: 3rd').waitFor();
  await house.become({ status: 'queued', place: undefined, mayLeaveMessage: true } as never);
  await page.getByRole('button', { name: 'Leave a message' }).waitFor();
  expect((await status(page).textContent())?.trim()).toBe('You are in line: 3rd');
});

it('row 82: End chat can be undone for a moment, and then ends, with nowhere to write', async () => {
  await afterTalking();
  const page = await open();
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await page.getByRole('button', { name: 'End chat' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => status(page).innerText()).toBe('Connected with Jonas');
  await page.getByRole('button', { name: 'End chat' }).click();
  house.clock.advance(5_000);
  await expect.poll(() => status(page).innerText()).toBe('Chat ended');
  expect(asked('/api/act').map(({ body }) => body['act'])).toEqual(['end']);
  expect(await page.locator('[data-id=webchat-sendbox-input]').isVisible()).toBe(false);
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  await write(page, 'Hello again');
  await expect.poll(() => conversation(page)).toEqual(['> Hello again', '< You said: Hello again']);
});

it('New chat while Jonas is there asks how to go on', async () => {
  await afterTalking();
  const page = await open();
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect.poll(() => page.getByRole('button', { name: 'Start fresh' }).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await expect.poll(() => conversation(page)).toEqual([...talked, '· You continued with Jonas']);
});

it('the page tells every 90 seconds that it is there, and that it leaves', async () => {
  house = await openFakeHouse();
  const page = await open();
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  house.clock.advance(90_000);
  await expect.poll(() => asked('/api/presence').length).toBe(1);
  await page.goto('about:blank');
  await expect.poll(() => asked('/api/presence').at(-1)?.body['leaving']).toBe(true);
});

it('whoever signs in on the site is somebody else from then on', async () => {
  house = await openFakeHouse();
  const page = await open();
  await page.getByLabel('Site').selectOption('Lea Moreau');
  await expect.poll(() => asked('/local/signin').length).toBe(1);
  await expect.poll(() => asked('/api/directline/token').length).toBe(2);
  await expect.poll(() => status(page).innerText()).toBe('Connected');
  expect(asked('/api/directline/token').at(-1)?.body['conversation']).toBeUndefined();
});

it('words of other people are never taken for markup', async () => {
  await afterTalking();
  house.say({ side: 'house', kind: 'notice', code: 'joined', text: '<img src=x onerror=alert(1)>' });
  house.say({ side: 'agent', name: '<b>Jonas</b>', text: 'a <script>alert(1)</script> b' });
  const page = await open();
  await page.getByRole('button', { name: /Continue/ }).click();
  await expect.poll(() => conversation(page)).toContain('· <img src=x onerror=alert(1)>');
  expect(await page.locator('[role=log] img, [role=log] script').count()).toBe(0);
});

const axe = readFileSync(
  fileURLToPath(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const found = await run.run();
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
    );
  });
}

it.each([
  ['light', {}, { colorScheme: 'light' }],
  ['dark', {}, { colorScheme: 'dark' }],
  ['narrow and right to left', { language: 'ar' }, { viewport: { width: 320, height: 640 } }],
] as const)('everybody can use the prompt and the chat: %s', async (_name, looks, options) => {
  await afterTalking(looks);
  const page = await open(options);
  await page.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Continue with Jonas' }).click();
  await page.locator('.notice').last().waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
});
