import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { hold } from './hold.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';

let browser: Browser;
let house: RunningHouse;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  for (const one of browser.contexts()) await one.close();
  await house.close();
});

const WHO_CAN = /Whoever administers Microsoft Entra for your company can give/u;
const cards = (agent: Agent) => agent.card().locator('.ac-adaptiveCard');
const enters = (): Promise<Customer> =>
  browser.newContext().then((own) => customerAt(own, `${house.origin}/`));
/** In line, asking for a person. */
const inLine = async (): Promise<Customer> => {
  const customer = await enters();
  await customer.sees('Hello!');
  await customer.says('agent');
  await customer.statusIs(/in line/iu);
  return customer;
};
/** What Entra says of a person from now on. */
const gives = async (n: number, roles: readonly string[]): Promise<void> => {
  const body = JSON.stringify({ roles: { [n]: roles } });
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${house.origin}/local/teams`, { method: 'POST', headers, body });
  expect(status).toBe(200);
};
/** Asks the house something with the person's own token, as a page of theirs could. */
const asks = async (n: number, path: string, init: RequestInit = {}): Promise<number> => {
  const answer = await fetch(`${house.origin}/local/teams/chats/${n}/token`, { method: 'POST' });
  const { token } = (await answer.json()) as { readonly token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await fetch(house.origin + path, { ...init, headers })).status;
};

describe('who has no permission for chats', { timeout: 120_000 }, () => {
  it('B1: is told so in plain words, in the tab and in the bot’s chat, and sees no chat', async () => {
    const lea = await inLine();
    const nele = await agentAt(browser, house.origin, 4);
    await nele.sees('You may not take chats');
    await nele.sees(WHO_CAN);
    expect(await nele.tab.getByRole('tab').count()).toBe(0);
    expect(await nele.tab.getByText('a question').count()).toBe(0);
    await nele.page.getByRole('textbox', { name: 'Message the bot' }).fill('Hello?');
    await nele.page.getByRole('button', { name: 'Send to the bot' }).click();
    await nele.card().getByText(WHO_CAN).waitFor();

    // Nor does asking past the page let her in.
    const jonas = await agentAt(browser, house.origin, 1);
    await jonas.open('a question');
    const item = jonas.tab.getByRole('listitem').filter({ has: jonas.tab.locator('[aria-current="true"]') });
    const sid = (await item.getAttribute('data-key')) ?? '';
    expect(sid).not.toBe('');
    const act = { method: 'POST', body: JSON.stringify({ id: 'past', act: 'accept', epoch: 1 }) };
    for (const path of [
      '/api/agent/me',
      '/api/inbox/queue',
      '/api/agents',
      '/api/stream',
      `/api/sessions/${sid}`,
    ])
      expect([path, await asks(4, path)]).toEqual([path, 403]);
    expect(await asks(4, `/api/sessions/${sid}/acts`, act)).toBe(403);
    await lea.statusIs(/in line/iu);
    expect([...nele.complaints, ...jonas.complaints]).toEqual([]);
  });

  it('B1: works as soon as the permission is there', async () => {
    const nele = await agentAt(browser, house.origin, 4);
    await nele.sees('You may not take chats');
    await gives(4, ['Chat.Agent']);
    await nele.does('Try again');
    const lea = await enters();
    await talk(lea, nele, 'Nele');
    await lea.statusIs(/Connected with Nele/u);
  });

  it('B1: loses the inbox with the permission, and nothing that was written', async () => {
    const [lea, jonas] = [await enters(), await agentAt(browser, house.origin, 1)];
    await talk(lea, jonas);
    const box = jonas.tab.getByRole('textbox', { name: 'Message' });
    const line = await hold(jonas.page, /\/acts$/u);
    await box.fill('It leaves tonight');
    await box.press('Enter');
    await line.held;
    // Tokens tell when they were made to the second: of one second, the later is not known.
    await house.advance(1_000);
    await gives(1, []);
    // Another page of his tells the house, as any fresh token does.
    expect(await asks(1, '/api/agent/me')).toBe(403);
    line.release();
    await jonas.sees('You may not take chats');
    expect(await lea.lines()).not.toContain('It leaves tonight');
    await house.advance(1_000);
    await gives(1, ['Chat.Agent']);
    await jonas.does('Try again');
    await jonas.list('Mine');
    await jonas.open('I am looking');
    await expect.poll(() => box.inputValue()).toBe('It leaves tonight');
  });

  it('B2: is sent no request, and nobody can hand them one', async () => {
    const [nele, jonas, amira] = await Promise.all(
      ([4, 1, 2] as const).map((n) => agentAt(browser, house.origin, n)),
    );
    if (nele === undefined || jonas === undefined || amira === undefined)
      throw new Error('Somebody is missing');
    await nele.sees('You may not take chats');
    await inLine();
    await expect.poll(() => cards(jonas).count()).toBe(1);
    await expect.poll(() => cards(amira).count()).toBe(1);
    expect(await cards(nele).count()).toBe(0);
    await jonas.open('a question');
    await jonas.does('Accept');
    for (const act of ['Transfer', 'Conference']) {
      await jonas.does(act);
      const dialog = jonas.tab.getByRole('dialog');
      await dialog.getByText('Amira Haddad').waitFor();
      expect(await dialog.getByText('Nele Brandt').count()).toBe(0);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    }
    expect(await cards(nele).count()).toBe(0);
  });
});

it('B3: who has it logs the interaction as they close the chat, and finds it by the number both were told', async () => {
  const [lea, jonas] = [await enters(), await agentAt(browser, house.origin, 1)];
  await talk(lea, jonas);
  await jonas.does('Close');
  const dialog = jonas.tab.getByRole('dialog');
  await dialog.getByRole('combobox', { name: /Disposition/u }).selectOption('Resolved');
  await dialog.getByRole('textbox', { name: /Notes/u }).fill('Relabelled in Leipzig');
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await lea.statusIs(/ended/iu);
  await lea.sees(/Your reference is/u);
  const [reference = ''] = /\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/u.exec((await lea.lines()).join('\n')) ?? [];
  expect(reference).not.toBe('');
  expect(await jonas.tab.getByText(reference).count()).toBeGreaterThan(0);

  const facts = jonas.tab.getByRole('complementary', { name: 'Details' });
  const areLogged = /OutcomeResolved.*NotesRelabelled in Leipzig/u;
  await jonas.does('Details');
  await expect.poll(() => facts.textContent()).toMatch(areLogged);

  await jonas.page.reload();
  const search = jonas.tab.getByRole('searchbox', { name: /reference/iu });
  // What became of a chat is filed a moment after it was told.
  await expect
    .poll(async () => {
      await search.fill(reference);
      await search.press('Enter');
      return jonas.tab.getByText('I am looking').count();
    })
    .toBeGreaterThan(0);
  await jonas.does('Details');
  await expect.poll(() => facts.textContent()).toMatch(areLogged);
  expect(await asks(4, `/api/interactions/${reference}`)).toBe(403);
}, 120_000);
