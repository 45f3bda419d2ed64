import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { wayBack } from './house.ts';
import {
  button,
  type Customer,
  fromMenu,
  openTown,
  statusOf,
  talkWithJonas,
  token,
  type Town,
  violations,
} from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());
afterEach(() => town.tidy());

const looks = [
  ['light', {}, { colorScheme: 'light' }],
  ['dark', {}, { colorScheme: 'dark' }],
  ['narrow, dark', {}, { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
  ['narrow, right to left', { language: 'ar' }, { viewport: { width: 320, height: 640 } }],
] as const;

const more = /^(More|المزيد)$/;
const ended = (redirect?: string) => ({
  sid: 'dl_abcdefghijklmnop1234.s1',
  at: Date.now() - 3_600_000,
  why: 'away',
  agent: 'Jonas',
  reference: 'K7F2Q-9XM4T',
  nonce: 'n',
  ...(redirect !== undefined && { redirect }),
});

/** The page in this state has nothing that somebody could not see, reach or read. */
async function isFine(page: Page, state: string): Promise<void> {
  expect(await violations(page), state).toEqual([]);
  const wide = await page.evaluate<
    string[]
  >(`[...document.querySelectorAll('html, .top, .foot, .panel-card, dialog, .menu')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)`);
  expect(wide, state).toEqual([]);
  const outside = await page.evaluate<string[]>(`[...document.querySelectorAll('button, a, input')]
    .filter((one) => one.checkVisibility() && !one.closest('.webchat'))
    .filter((one) => { const { left, right } = one.getBoundingClientRect(); return left < 0 || right > innerWidth; })
    .map((one) => one.textContent)`);
  expect(outside, state).toEqual([]);
}

/** Where an ended chat leads to after four seconds is not gone to: on a slow machine that is too soon to look around. */
const staysThere = (page: Page): Promise<unknown> =>
  page.context().route('https://help.northwind.example/**', (route) => route.fulfill({ status: 204 }));

const back = async (lea: Customer): Promise<Page> => {
  const page = await lea.open(`/#${token}`);
  await page.locator('.panel .main').click();
  await page.locator('.webchat__bubble__content').first().waitFor();
  await expect.poll(lea.house.isJoined).toBe(true);
  return page;
};

it.each(looks)('everybody can use the landing, whatever it says: %s', async (_name, own, options) => {
  const lea = await town.customer(own, options);
  await talkWithJonas(lea);
  const page = await lea.open(`/#${token}`);
  await page.locator('.panel .main').waitFor();
  await isFine(page, 'landing');
  await page.locator('.panel .quiet').click();
  await page.locator('.panel input').press('Enter');
  await isFine(page, 'code');
  await page.close();
  await staysThere(page);
  const no = {
    error: { code: 'used', message: '' },
    ended: ended('https://help.northwind.example/a-long-way/after'),
  };
  for (const status of [404, 409, 410, 429]) {
    lea.house.answerNext('/api/reconnect/look', status, no);
    const other = await lea.open(`/#${token}`);
    await other.locator('.panel button').first().waitFor();
    await isFine(other, String(status));
    await other.close();
  }
});

it.each(looks)('everybody can use what is around the chat: %s', async (_name, own, options) => {
  const lea = await town.customer(own, options);
  await talkWithJonas(lea);
  const page = await back(lea);
  await lea.house.tell('linkGiven', 'A link', { ...wayBack, codeUntil: lea.house.clock.now() + 540_000 });
  await page.locator('way-back').waitFor();
  await isFine(page, 'link given');
  await button(page, more).click();
  await isFine(page, 'menu');
  await page.locator('#menu [data-button=wayBack]').click();
  await page.locator('dialog way-back').waitFor();
  await isFine(page, 'way back');
  await page.keyboard.press('Escape');
  await lea.house.become({ status: 'suspended', agent: 'Jonas', mayChooseAnyone: true, direct: true });
  await button(page, /^(Anyone|أي)/).waitFor();
  await isFine(page, 'every choice');
  const opensAt = lea.house.clock.now() + 60 * 3_600_000;
  await lea.house.become({ status: 'queued', place: 3, opensAt, mayLeaveMessage: true });
  await button(page, /^(Leave a message|اترك رسالة)/).waitFor();
  await isFine(page, 'outside hours');
  await lea.house.become({ status: 'queued', messageUntil: opensAt });
  await button(page, /^(Wait in line|الانتظار في الدور)/).waitFor();
  await isFine(page, 'message left');
  await staysThere(page);
  await lea.house.become({
    status: 'expired',
    ended: ended('https://help.northwind.example/after'),
  } as never);
  await page.locator('#ended a').waitFor();
  await isFine(page, 'ended');
  await button(page, more).click();
  await page.locator('#menu [data-button=leave]').click();
  await page.locator('.panel .main').waitFor();
  await isFine(page, 'left');
});

it.each(looks)('everybody can use the start: %s', async (_name, own, options) => {
  const lea = await town.customer({ ...own, cookies: own === looks[1][1] }, options);
  const page = await lea.open();
  await page.locator('#foot').waitFor();
  await isFine(page, 'start');
  await button(page, more).click();
  await page.locator('#menu [data-button=shared]').click();
  await page.locator('[data-line=keepsNothing]').waitFor();
  await isFine(page, 'shared');
});

it('the keyboard reaches everything, and is given back where it was', async () => {
  const lea = await town.customer();
  await talkWithJonas(lea);
  const page = await back(lea);
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  await page.locator('#others a').focus();
  const reached: (string | null)[] = [];
  for (let presses = 0; presses < 4; presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.locator(':focus').textContent());
  }
  expect(reached).toEqual(['Suspend', 'End chat', 'New chat', 'More']);
  await fromMenu(page, 'Get a way back');
  await page.getByRole('dialog', { name: 'Your way back to this chat' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator(':focus').textContent()).toBe('More');
});

it.each([
  [{ preview: true }, 'Preview', true],
  [{ preview: true, language: 'ar' }, 'معاينة', true],
  [{}, 'Preview', false],
] as const)('row 86: the page of a preview says that it is one: %j', async (given, label, shown) => {
  const page = await (await town.customer(given)).open();
  await expect.poll(() => statusOf(page)).not.toBe('');
  await expect.poll(() => page.getByText(label, { exact: true }).isVisible()).toBe(shown);
});
