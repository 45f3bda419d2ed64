import { expect } from 'vitest';
import type { RunningHouse } from './house.ts';
import type { Agent, Customer } from './people.ts';

/** A chat that must stay one, whatever happens to it. */
export interface Chat {
  readonly lea: Customer;
  readonly jonas: Agent;
  /** What the agent's list calls the customer. */
  readonly visitor: string;
  /** Everything that was typed so far, on either side, in its order. */
  readonly said: string[];
}

/** What `talk` has them say. */
const TALKED = ['agent', 'My parcel is late', 'I am looking'];
const PATIENCE_MS = 60_000;

/** Takes stock of a chat that `talk` has begun. */
export async function begun(lea: Customer, jonas: Agent): Promise<Chat> {
  const [visitor = ''] = await listed(jonas, 'Mine', 1);
  return { lea, jonas, visitor, said: [...TALKED] };
}

/** The customer types it, and the agent reads it. */
export async function asks({ lea, jonas, said }: Chat, text: string): Promise<void> {
  said.push(text);
  await lea.says(text);
  await jonas.sees(text);
}

/** The agent types it, and the customer reads it. */
export async function answers({ lea, jonas, said }: Chat, text: string): Promise<void> {
  said.push(text);
  await jonas.says(text);
  await lea.sees(text);
}

/** Types it and sends it, without waiting for anything. */
export async function types({ lea, said }: Pick<Chat, 'lea' | 'said'>, text: string): Promise<void> {
  said.push(text);
  const box = lea.page.getByRole('textbox', { name: /message/iu });
  await box.fill(text);
  await box.press('Enter');
}

/**
 * The same session with the same agent: everything typed is there once and in order on both sides, the agent has this
 * one row and no other, and the customer was asked nothing.
 */
export async function isWhole(chat: Chat): Promise<void> {
  const { lea, jonas, visitor, said } = chat;
  await lea.statusIs(/Connected with Jonas/u);
  await readsOnce(lea, said);
  await expect
    .poll(async () => (await heard(jonas)).filter((line) => said.includes(line)), { timeout: PATIENCE_MS })
    .toEqual(said);
  await isAskedNothing(lea);
  expect(await listed(jonas, 'Queue', 0)).toEqual([]);
  expect(await listed(jonas, 'Closed', 0)).toEqual([]);
  expect(await listed(jonas, 'Mine', 1)).toEqual([visitor]);
}

/** The customer's page shows each of these lines once, in this order. */
export const readsOnce = (lea: Customer, said: readonly string[]): Promise<void> =>
  expect
    .poll(async () => (await lea.lines()).filter((line) => said.includes(line)), { timeout: PATIENCE_MS })
    .toEqual(said);

/** No prompt stands on the page; one that nobody answered would still stand there. */
export async function isAskedNothing(lea: Customer): Promise<void> {
  expect(await lea.button(/^(Continue|Anyone|Start fresh)/u).count()).toBe(0);
}

/** Whom a list of the agent's names, as soon as it holds as many. */
export async function listed(
  jonas: Agent,
  list: Parameters<Agent['list']>[0],
  count: number,
): Promise<readonly string[]> {
  await jonas.list(list);
  const names = jonas.tab.getByRole('tabpanel').getByRole('listitem').locator('.row-name');
  await expect.poll(() => names.count(), { timeout: PATIENCE_MS }).toBe(count);
  return names.allTextContents();
}

/** What the agent was told of the customer's coming and going: every line of it, as it reads now. */
export const comings = (jonas: Agent): Promise<readonly string[]> =>
  jonas.tab
    .getByRole('log', { name: 'Transcript' })
    .locator('.notice > span, .notice summary')
    .filter({ hasText: /is gone|is back/u })
    .allTextContents();

/** What was said, as the agent reads it, top to bottom. */
export const heard = (jonas: Agent): Promise<readonly string[]> =>
  jonas.tab.getByRole('log', { name: 'Transcript' }).locator('.bubble .text').allTextContents();

/** Turns knobs of the house's Direct Line, cuts its sockets, or makes it forget a conversation. */
export async function directLine(house: RunningHouse, body: object): Promise<void> {
  const answer = await fetch(`${house.origin}/local/directline`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

/** The conversation that a customer's page shows. */
export const conversationOf = (customer: Customer): Promise<string> =>
  customer.page.evaluate(() => {
    const kept: unknown = JSON.parse(sessionStorage.getItem('reconnect:support') ?? '{}');
    return String(Reflect.get(Object(kept), 'conversation'));
  });
