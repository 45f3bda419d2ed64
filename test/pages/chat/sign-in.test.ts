import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { conversationOf, type Customer, openTown, statusOf, token, type Town, write } from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());
afterEach(() => town.tidy());

const unsure = 'We could not confirm your sign-in. Trying again…';
const signIn = (page: Page, name: string) => page.getByLabel('Site').selectOption(name);
const bearerOf = (one: Customer['house']['asked'][number] | undefined) => one?.headers['authorization'];
const beat = async (lea: Customer) => {
  const before = lea.asked('/api/presence').length;
  lea.house.clock.advance(90_000);
  await expect.poll(() => lea.asked('/api/presence').length).toBeGreaterThan(before);
};

async function chatting(lea: Customer): Promise<Page> {
  const page = await lea.open();
  await write(page, 'Hello');
  await expect.poll(() => conversationOf(page)).toEqual(['> Hello', '< You said: Hello']);
  return page;
}

it('who signs in during a chat keeps it, on the page and without a drop', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  await page.evaluate('globalThis.here = true');
  await signIn(page, 'Lea Moreau');
  await page.getByText('You are signed in. Your chat goes on.').waitFor();
  const [identified] = lea.asked('/api/identify');
  expect(identified?.body['conversation']).toEqual(expect.any(String));
  expect(bearerOf(identified)).toMatch(/^Bearer /);
  await write(page, 'It is me');
  await expect.poll(() => conversationOf(page)).toHaveLength(4);
  expect(await page.evaluate('globalThis.here')).toBe(true);
  expect(lea.asked('/api/directline/token')).toHaveLength(1);
  expect(await statusOf(page)).toBe('Connected');
});

it('a chat that cannot be joined to the sign-in goes on as it was, and says so', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  lea.house.answerNext('/api/identify', 409, { error: { code: 'not_yours', message: 'No.' } });
  await signIn(page, 'Lea Moreau');
  await page.getByText('It goes on as before.').waitFor();
  await beat(lea);
  expect(bearerOf(lea.asked('/api/presence').at(-1))).toBeUndefined();
  await expect.poll(() => page.getByLabel('Site').inputValue()).toBe('');
});

it('who signs out is forgotten, and begins clean', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  await signIn(page, 'Lea Moreau');
  await page.getByText('You are signed in.').waitFor();
  await lea.house.become({ status: 'closed' });
  await signIn(page, 'not signed in');
  await expect.poll(() => lea.asked('/api/forget')).toHaveLength(1);
  expect(bearerOf(lea.asked('/api/forget')[0])).toBeUndefined();
  await expect.poll(() => conversationOf(page)).toEqual([]);
  await expect.poll(() => lea.asked('/api/directline/token').at(-1)?.body['conversation']).toBeUndefined();
});

it('somebody else who signs in sees nothing of the one before', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  await signIn(page, 'Lea Moreau');
  await page.getByText('You are signed in.').waitFor();
  const asLea = bearerOf(lea.asked('/api/identify')[0]);
  await lea.house.become({ status: 'closed' });
  await signIn(page, 'Tom Okafor');
  await expect.poll(() => lea.asked('/api/directline/token')).toHaveLength(2);
  await expect.poll(() => conversationOf(page)).toEqual([]);
  const asTom = bearerOf(lea.asked('/api/directline/token').at(-1));
  expect(asTom).toMatch(/^Bearer /);
  expect(asTom).not.toBe(asLea);
  expect(lea.asked('/api/identify')).toHaveLength(1);
});

it('the sign-in is renewed before it ends', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  await signIn(page, 'Lea Moreau');
  await page.getByText('You are signed in.').waitFor();
  lea.house.clock.advance(2_945_000);
  await expect.poll(() => lea.asked('/local/signin')).toHaveLength(2);
});

it('a sign-in that is not taken is confirmed anew, told, and never given up for being unknown', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  await signIn(page, 'Lea Moreau');
  await page.getByText('You are signed in.').waitFor();
  const refused = { error: { code: 'not_permitted', message: 'Please sign in again.' } };
  for (let times = 0; times < 2; times += 1) lea.house.answerNext('/api/presence', 401, refused);
  lea.house.failNext('/local/signin', 503, 1);
  const before = lea.asked('/api/presence').length;
  await beat(lea);
  await page.getByText(unsure).waitFor();
  await expect.poll(() => page.getByText(unsure).count()).toBe(0);
  // Another call that is taken confirms it too, while this one is still asked again.
  const since = () => lea.asked('/api/presence').slice(before);
  await expect.poll(() => since().length).toBeGreaterThanOrEqual(3);
  expect(since().every((one) => bearerOf(one) !== undefined)).toBe(true);
  expect(await conversationOf(page)).toEqual(['> Hello', '< You said: Hello']);
});

it('who was sent away to sign in first finds the link looked at again', async () => {
  const lea = await town.customer();
  lea.house.answerNext('/api/reconnect/look', 401, { error: { code: 'sign_in', message: 'No.' } });
  const page = await lea.open(`/#${token}`);
  await page.getByRole('heading', { name: 'Please sign in first' }).waitFor();
  await signIn(page, 'Lea Moreau');
  await page.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
  expect(bearerOf(lea.asked('/api/reconnect/look').at(-1))).toMatch(/^Bearer /);
});

it('who signs out in one tab is signed out in the others', async () => {
  const lea = await town.customer();
  const page = await chatting(lea);
  await signIn(page, 'Lea Moreau');
  await page.getByText('You are signed in.').waitFor();
  const other = await lea.open();
  await expect.poll(() => other.getByLabel('Site').inputValue()).toBe('lea');
  await lea.house.become({ status: 'closed' });
  await signIn(page, 'not signed in');
  await expect.poll(() => other.getByLabel('Site').inputValue()).toBe('');
  await expect.poll(() => conversationOf(other)).toEqual([]);
});
