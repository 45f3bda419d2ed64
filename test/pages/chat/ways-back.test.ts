import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { wayBack } from './house.ts';
import {
  button,
  composerOf,
  conversationOf,
  type Customer,
  focused,
  fromMenu,
  keptBy,
  openTown,
  statusOf,
  talked,
  talkWithJonas,
  token,
  type Town,
  write,
} from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());
afterEach(() => town.tidy());

const no = (code: string, more: object = {}) => ({ error: { code, message: 'No.' }, ...more });
const ended = {
  sid: 'dl_abcdefghijklmnop1234.s1',
  at: Date.now() - 60_000,
  why: 'away',
  agent: 'Jonas',
  reference: 'K7F2Q-9XM4T',
  nonce: 'n',
} as const;

async function customerOfJonas(looks = {}): Promise<Customer> {
  const lea = await town.customer(looks);
  await talkWithJonas(lea);
  return lea;
}

async function back(lea: Customer): Promise<Page> {
  const page = await lea.open(`/#${token}`);
  await button(page, 'Continue with Jonas').click();
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  return page;
}

it('row 7: a link shows whom it leads to, and nothing of the chat and no Direct Line before the click', async () => {
  const lea = await customerOfJonas();
  const page = await lea.open(`/#${token}`);
  await button(page, 'Continue with Jonas').waitFor();
  expect(await focused(page)).toBe('Continue with Jonas');
  expect(await page.locator('body').innerText()).not.toContain('parcel');
  expect(lea.asked('/api/directline/token')).toEqual([]);
  expect(lea.asked('/api/reconnect')).toEqual([]);

  await button(page, 'Continue with Jonas').click();
  await expect.poll(() => conversationOf(page)).toEqual(talked);
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  await expect.poll(() => page.locator('[data-id=webchat-sendbox-input]:focus').count()).toBe(1);
  await write(page, 'Thanks');
  await expect.poll(() => conversationOf(page)).toEqual([...talked, '> Thanks']);
  expect(lea.asked('/api/directline/token')).toEqual([]);
  expect(lea.wrong).toEqual([]);
});

it('the token leaves the address at once, and stands in no storage, history or address', async () => {
  const lea = await customerOfJonas();
  const addresses: string[] = [];
  lea.context.on('request', (request) => addresses.push(request.url()));
  const page = await back(lea);
  expect(page.url()).toBe(`${lea.house.origin}/`);
  expect(await keptBy(page)).not.toContain('c2VjcmV0');
  expect(addresses.filter((url) => url.includes('rt1_') && !url.includes('#'))).toEqual([]);
  expect(lea.asked('/api/reconnect')[0]?.body).toEqual({ token, widget: 'support' });
});

it('a return that gets no answer is asked again under the same key, once for the house', async () => {
  const lea = await customerOfJonas();
  lea.house.failNext('/api/reconnect', 0, 2);
  const page = await lea.open(`/#${token}`);
  await button(page, 'Continue with Jonas').dblclick();
  await expect.poll(() => page.getByText('Nothing is lost').count()).toBeGreaterThan(0);
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  const keys = lea.asked('/api/reconnect').map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

it('a link followed in the tab that shows the chat leads there too', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  await page.evaluate(`location.hash = ${JSON.stringify(`#${token}`)}`);
  await button(page, 'Continue with Jonas').click();
  await expect.poll(() => conversationOf(page)).toEqual(talked);
  expect(page.url()).not.toContain('rt1_');
});

it('a link opened while another tab has the chat leads to it', async () => {
  const lea = await customerOfJonas();
  await back(lea);
  const second = await back(lea);
  await expect.poll(() => conversationOf(second)).toEqual(talked);
});

it.each([
  [404, 'not_found', 'This link does not work here', 'Your code, three words'],
  [409, 'used', 'This link was already used', 'Your code, three words'],
  [410, 'over', 'That chat has ended', 'Reference number: K7F2Q-9XM4T'],
  [429, 'too_many', 'Too many tries', 'Please wait 5 minutes, then try again.'],
  [401, 'sign_in', 'Please sign in first', 'This chat belongs to an account'],
])(
  'row 6, N10: a link that does not lead back says why and what now: %i %s',
  async (status, code, title, text) => {
    const lea = await customerOfJonas();
    lea.house.answerNext('/api/reconnect/look', status, no(code, { ended }), { 'Retry-After': '300' });
    await lea.house.become({ status: 'closed' });
    const page = await lea.open(`/#${token}`);
    await page.getByRole('heading', { name: title }).waitFor();
    await expect.poll(() => focused(page)).toBe(title);
    expect(await page.getByText(text).isVisible()).toBe(true);
    await button(page, 'Start a new chat').click();
    await expect.poll(() => statusOf(page)).toBe('Connected');
  },
);

it('N1: a used link of a browser that is known opens the chat as usual, and the prompt asks', async () => {
  const lea = await customerOfJonas();
  lea.house.answerNext('/api/reconnect', 409, no('ask'));
  const page = await lea.open(`/#${token}`);
  await button(page, 'Continue with Jonas').click();
  await button(page, 'Start fresh').waitFor();
  expect(lea.asked('/api/directline/token')).toHaveLength(1);
});

it('A28, row 5, N10: who comes too late is sent where the widget says, once, and can stay when they come back', async () => {
  const lea = await town.customer();
  const redirect = `${lea.house.origin}/?widget=sales`;
  const late = () =>
    lea.house.answerNext('/api/reconnect/look', 410, no('over', { ended: { ...ended, redirect } }));
  late();
  const page = await lea.open(`/#${token}`);
  await page.getByText('We are taking you to').waitFor();
  lea.house.clock.advance(5_000);
  await page.waitForURL(redirect);
  late();
  await page.goto(`${lea.house.origin}/#${token}`);
  await page.getByRole('heading', { name: 'That chat has ended' }).waitFor();
  expect(await page.getByText('We are taking you to').count()).toBe(0);
  expect(await page.getByRole('link', { name: /^Go to/ }).getAttribute('href')).toBe(redirect);
});

it('a code of three words, typed as people type, brings the chat back', async () => {
  const lea = await customerOfJonas();
  await lea.house.become({ status: 'none' });
  const page = await lea.open();
  await button(page, 'I have a code').click();
  const field = page.getByLabel('Your code, three words');
  await expect.poll(() => page.locator(':focus').getAttribute('name')).toBe('code');
  await field.fill('only two');
  await button(page, 'Use code').click();
  await expect.poll(() => page.getByRole('alert').last().innerText()).toContain('three words');
  expect(lea.asked('/api/reconnect')).toEqual([]);

  await field.fill('  Apple-RIVER, candle ');
  await field.press('Enter');
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  expect(lea.asked('/api/reconnect')[0]?.body).toEqual({ code: 'apple river candle', widget: 'support' });
  await expect.poll(() => conversationOf(page)).toEqual(talked);
});

it('a wrong code says so in its place, and the chat on the page goes on', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  await fromMenu(page, 'I have a code');
  lea.house.answerNext('/api/reconnect', 404, no('not_found'));
  await page.getByLabel('Your code, three words').fill('apple river candle');
  await button(page, 'Use code').click();
  await expect.poll(() => page.locator('dialog .wrong').innerText()).toMatch(/^This code does not work/);
  await page.keyboard.press('Escape');
  await write(page, 'Still here');
  await expect.poll(() => conversationOf(page)).toEqual([...talked, '> Still here']);
});

it('a link that the agent gives stands in the chat as text, with its code and how long that lasts', async () => {
  const lea = await customerOfJonas();
  await lea.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await back(lea);
  const evil = { ...wayBack, code: '<img src=x onerror=alert(1)>' };
  await lea.house.tell('linkGiven', 'Jonas gave you a link.', {
    ...evil,
    codeUntil: lea.house.clock.now() + 600_000,
  });
  const card = page.getByRole('log').locator('way-back');
  await card.waitFor();
  expect(await card.innerText()).toContain(evil.code);
  expect(await card.innerText()).toContain('good for 10 minutes more');
  await card.getByRole('button', { name: 'Copy link' }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(wayBack.url);
  lea.house.clock.advance(601_000);
  await expect.poll(() => card.innerText()).toContain('this code has ended');
  expect(lea.wrong).toEqual([]);
});

it('row 11: a customer gets a way back of their own, and withdraws it', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  await button(page, 'More').press('Enter');
  await expect.poll(() => focused(page)).toBe('Get a way back');
  await page.keyboard.press('Escape');
  await expect.poll(() => focused(page)).toBe('More');
  await fromMenu(page, 'Get a way back');
  const dialog = page.getByRole('dialog', { name: 'Your way back to this chat' });
  await expect.poll(() => dialog.innerText()).toContain('apple river candle');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => page.getByText('apple river candle').count()).toBe(0);
  await fromMenu(page, 'Withdraw links');
  await page.getByText('The links and codes given so far have stopped working.').waitFor();
  expect(lea.asked('/api/act').map(({ body }) => body['act'])).toEqual(['link', 'revokeLinks']);
});

it('N15: on a shared computer the chat lives in its tab by its pass, and nothing is kept', async () => {
  const lea = await town.customer();
  const page = await lea.open();
  await write(page, 'Hello');
  await expect.poll(() => conversationOf(page)).toHaveLength(2);
  await button(page, 'Yes, shared').click();
  await page.getByText('This computer keeps nothing of this chat.').waitFor();
  expect(lea.asked('/api/forget')[0]?.body['shared']).toBe(true);
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('token');
  await write(page, 'again');
  await expect.poll(() => conversationOf(page)).toHaveLength(4);
  lea.house.clock.advance(90_000);
  await expect
    .poll(() => lea.asked('/api/presence').at(-1)?.headers['x-reconnect-pass'])
    .toBe('pass-of-the-tab');
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('token');
});

it('who leaves is forgotten by this computer, is told so, and can begin anew', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  await fromMenu(page, 'Leave and forget this computer');
  await page.getByRole('heading', { name: 'This computer has forgotten you' }).waitFor();
  expect(lea.asked('/api/forget').at(-1)?.body).toEqual({});
  expect(await page.locator('body').innerText()).not.toContain('parcel');
  expect(await keptBy(page)).not.toContain('token');
  await lea.house.become({ status: 'closed' });
  await button(page, 'New chat').click();
  await expect.poll(() => statusOf(page)).toBe('Connected');
  expect(lea.asked('/api/directline/token').at(-1)?.headers['x-reconnect-pass']).toBeUndefined();
});

it('P25: while the agent is awaited in vain, anyone with the history can be had', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  expect(await button(page, 'Anyone, with my history').count()).toBe(0);
  await lea.house.become({ status: 'suspended', agent: 'Jonas', mayChooseAnyone: true });
  await button(page, 'Anyone, with my history').click();
  await expect.poll(() => statusOf(page)).toBe('You are in line: 1st');
  expect(lea.asked('/api/act').at(-1)?.body['act']).toBe('anyone');
});

it('who came back unasked can still start fresh', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  await lea.house.become({ status: 'active', direct: true });
  await button(page, 'Start fresh').click();
  await expect.poll(() => lea.asked('/api/act').at(-1)?.body['act']).toBe('fresh');
});

it('row 65: a chat that is over says how it ended, is read on, and goes along as a file', async () => {
  const lea = await town.customer({}, { timezoneId: 'Europe/Berlin' });
  await talkWithJonas(lea);
  const page = await back(lea);
  lea.house.say({
    side: 'house',
    kind: 'notice',
    code: 'linkGiven',
    text: `A link: ${wayBack.url}`,
    link: { ...wayBack, codeUntil: 0 },
  });
  await lea.house.become({ status: 'closed', ended: { ...ended, why: 'agent' } as never });
  await page.getByText(/Jonas closed it at .*Reference number: K7F2Q-9XM4T/s).waitFor();
  expect(await composerOf(page).isVisible()).toBe(false);
  expect(await conversationOf(page)).toEqual(talked);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Download transcript').click(),
  ]);
  const text = readFileSync(await file.path(), 'utf8');
  expect(text).toMatch(/\[.* GMT\+\d\] You: Where is my parcel\?\n\[.* GMT\+\d\] Jonas: It leaves tonight\./);
  expect(text).not.toContain('rt1_');
  expect(file.suggestedFilename()).toMatch(/^chat-.*\.txt$/);
});

it('B24, row 84: a browser without cookies is told so, and offered a way back', async () => {
  const lea = await town.customer({ cookies: false });
  const page = await lea.open();
  await write(page, 'Hello');
  await page.getByText('This browser keeps no cookies').waitFor();
  await button(page, 'Get a way back').click();
  await page.getByRole('dialog').getByText('apple river candle').waitFor();
});

it('whether the new agent may see the earlier chat is asked, and answered once', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  const share = { earlier: ended.sid, nonce: 'n' };
  await lea.house.showCard({
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text: 'May your new agent see the earlier chat?', wrap: true }],
    actions: [
      { type: 'Action.Submit', title: 'Yes', data: { reconnect: { share: { ...share, yes: true } } } },
      { type: 'Action.Submit', title: 'No', data: { reconnect: { share: { ...share, yes: false } } } },
    ],
  });
  await button(page, 'Yes').click();
  await page.getByText('Whoever answers can read your earlier chat.').waitFor();
  expect(lea.asked('/api/share')[0]?.body).toMatchObject(share);
  expect(await button(page, 'No').isDisabled()).toBe(true);
});

it('whoever says that this is not them is shown nothing, and this computer forgets', async () => {
  const lea = await customerOfJonas();
  const page = await back(lea);
  await lea.house.become({ status: 'closed' });
  await lea.house.showCard({
    type: 'AdaptiveCard',
    version: '1.5',
    body: [],
    actions: [
      {
        type: 'Action.Submit',
        title: 'This is not me',
        data: { reconnect: { sid: ended.sid, epoch: 1, nonce: 'n', choice: 'notMe' } },
      },
    ],
  });
  await button(page, 'This is not me').click();
  await expect.poll(() => lea.asked('/api/forget')).toHaveLength(1);
  await expect.poll(() => statusOf(page)).toBe('Connected');
  expect(await conversationOf(page)).toEqual([]);
  expect(lea.asked('/api/reconnect')).toHaveLength(1);
});

it('a new chat on a shared computer is not kept either', async () => {
  const lea = await town.customer();
  const page = await lea.open();
  await write(page, 'Hello');
  await button(page, 'Yes, shared').click();
  await expect.poll(() => lea.asked('/api/forget')).toHaveLength(1);
  await button(page, 'New chat').click();
  await expect.poll(() => lea.asked('/api/forget')).toHaveLength(2);
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('token');
});
