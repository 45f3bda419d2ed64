import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  type Customer,
  button,
  conversationOf,
  openTown,
  statusOf,
  talkWithJonas,
  type Town,
  violations,
} from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());
afterEach(() => town.tidy());

/** Lets a page believe that it is hidden, or shown. */
const hide = (page: Page, hidden: boolean): Promise<unknown> =>
  page.evaluate(
    `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
     document.dispatchEvent(new Event('visibilitychange'))`,
  );
/** Up to which lines the page has told that it was read. */
const told = (lea: Customer) => lea.asked('/api/seen').map(({ body }) => body['seq']);
const upTo = (lea: Customer) => told(lea).at(-1);

async function withJonas(): Promise<{ readonly lea: Customer; readonly page: Page }> {
  const lea = await town.customer();
  await talkWithJonas(lea);
  const page = await lea.open();
  await button(page, 'Continue with Jonas').click();
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  await expect.poll(() => upTo(lea)).toBe(2);
  return { lea, page };
}

it('N8: what is shown is told as seen, once for what came in one breath, and not again', async () => {
  const { lea, page } = await withJonas();
  const before = told(lea).length;
  await lea.house.agentSays('One');
  await lea.house.agentSays('Two');
  await expect.poll(() => upTo(lea)).toBe(4);
  await hide(page, true);
  await hide(page, false);
  await lea.house.agentSays('Three');
  await expect.poll(() => upTo(lea)).toBe(5);
  expect(told(lea).length - before).toBeLessThanOrEqual(3);
  expect(await conversationOf(page)).not.toContain(expect.stringContaining('New while'));
});

it('N7, N8: nobody reads a hidden page; who comes back to it sees where what is new begins', async () => {
  const { lea, page } = await withJonas();
  await hide(page, true);
  await lea.house.agentSays('It leaves tonight after all.');
  await lea.house.agentSays('Here is its number.');
  await expect.poll(() => conversationOf(page)).toContain('< Here is its number.');
  expect(upTo(lea)).toBe(2);
  await hide(page, false);
  await expect
    .poll(async () => (await conversationOf(page)).slice(-3))
    .toEqual([
      '· New while you were away · 2 messages',
      '< It leaves tonight after all.',
      '< Here is its number.',
    ]);
  await expect.poll(() => upTo(lea)).toBe(4);
  expect(await violations(page)).toEqual([]);
});

it('N7: whoever returns on another page sees the mark over the first line they have not read', async () => {
  const lea = await town.customer();
  await talkWithJonas(lea);
  lea.house.say({ side: 'agent', name: 'Jonas', text: 'Found it.' });
  await lea.house.become({ status: 'active', agent: 'Jonas', seen: 2 });
  const page = await lea.open();
  await button(page, 'Continue with Jonas').click();
  await expect
    .poll(async () => (await conversationOf(page)).slice(1, 4))
    .toEqual(['< It leaves tonight.', '· New while you were away · 1 message', '< Found it.']);
  await expect.poll(() => upTo(lea)).toBe(3);
});

it('N8: what could not be told is told when the page is looked at again', async () => {
  const { lea, page } = await withJonas();
  lea.house.failNext('/api/seen', 503, 1);
  await lea.house.agentSays('One');
  await expect.poll(() => upTo(lea)).toBe(3);
  const before = told(lea).length;
  await hide(page, true);
  await hide(page, false);
  await expect.poll(() => told(lea).length).toBe(before + 1);
  expect(upTo(lea)).toBe(3);
});
