import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DANGEROUS, HOSTILE } from '../hostile.ts';
import { button, openTown, statusOf, talkWithJonas, type Town } from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterEach(() => town.tidy());
afterAll(() => town.close());

it('row 79: nothing that an agent, a bot or the customer wrote does anything in the customer’s page', async () => {
  const lea = await town.customer();
  await talkWithJonas(lea);
  for (const text of HOSTILE) {
    lea.house.say({ side: 'agent', name: 'Jonas', text, format: 'markdown' });
    lea.house.say({ side: 'customer', text });
  }
  const page = await lea.open();
  await button(page, 'Continue with Jonas').click();
  await expect.poll(() => statusOf(page)).toContain('Jonas');
  for (const text of HOSTILE) await lea.house.agentSays(text);
  await lea.house.agentSays('The end');
  await page.getByRole('log').getByText('The end').last().waitFor();
  // Web Chat lets a picture through; the page's policy lets none in but its own.
  const found = await page.evaluate<string[]>(DANGEROUS);
  expect(found.filter((one) => one !== 'IMG src=x')).toEqual([]);
  expect(lea.wrong.filter((one) => !/Content Security Policy|Failed to load resource/u.test(one))).toEqual(
    [],
  );
});

it('row 79: the customer reads an agent’s Markdown, and the addresses in it as links that open elsewhere', async () => {
  const lea = await town.customer();
  await talkWithJonas(lea);
  lea.house.say({ side: 'customer', text: '**mine** https://a.example/one' });
  lea.house.say({
    side: 'agent',
    name: 'Jonas',
    text: '**ours** [two](https://a.example/two) and https://a.example/three',
    format: 'markdown',
  });
  const page = await lea.open();
  await button(page, 'Continue with Jonas').click();
  const log = page.getByRole('log');
  const bold = log.locator('strong', { hasText: 'ours' });
  await bold.waitFor();
  expect(await log.locator('strong', { hasText: 'mine' }).count()).toBe(0);
  const links = await log.getByRole('link').all();
  expect(await Promise.all(links.map((one) => one.getAttribute('href')))).toEqual([
    'https://a.example/two',
    'https://a.example/three',
  ]);
  for (const one of links)
    expect([await one.getAttribute('target'), await one.getAttribute('rel')]).toEqual([
      '_blank',
      'noopener noreferrer',
    ]);
});
