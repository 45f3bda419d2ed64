import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { DANGEROUS, HOSTILE } from '../hostile.ts';
import { fakeHouse, MARA, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
});
afterEach(() => house.close());

test('row 79: nothing that a customer, a bot or a colleague writes does anything in the tab', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  for (const text of HOSTILE) {
    house.say(lea.sid, { text });
    house.say(lea.sid, { text, side: 'bot', format: 'markdown' });
    house.say(lea.sid, { text, side: 'agent', name: MARA.name, by: MARA.id, format: 'markdown' });
    house.say(lea.sid, { text, side: 'agent', name: MARA.name, by: MARA.id, kind: 'comment' });
  }
  house.say(lea.sid, { text: 'The end' });
  const tab = await openTab(browser, house, { sub: lea.sid });
  const log = tab.frame.getByRole('log', { name: 'Transcript' });
  await log.getByText('The end').waitFor();
  const inbox = tab.page.frames().find((each) => each.url().endsWith('/inbox/'));
  expect(await inbox?.evaluate(DANGEROUS)).toEqual([]);
  expect(await log.getByText('<script>window.hit=1</script>').count()).toBeGreaterThan(2);
  expect(await inbox?.evaluate('window.hit')).toBeUndefined();
  expect([tab.complaints, tab.outside]).toEqual([[], []]);
  await tab.close();
});

test('row 79: what agents and bots write is shown as Markdown, what customers write as text, and addresses of both as links', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  house.say(lea.sid, { text: '**mine** https://a.example/one.' });
  house.say(lea.sid, {
    ...{ side: 'agent', name: MARA.name, by: MARA.id, format: 'markdown' },
    text: '**ours** [two](https://a.example/two) https://a.example/three\n\n- first\n- second',
  });
  const tab = await openTab(browser, house, { sub: lea.sid });
  const log = tab.frame.getByRole('log', { name: 'Transcript' });
  await log.getByText('second').waitFor();
  expect(await log.getByText('**mine**').count()).toBe(1);
  expect(await log.locator('strong').allTextContents()).toEqual(['ours']);
  expect(await log.getByRole('listitem').allTextContents()).toEqual(['first', 'second']);
  const links = await log.getByRole('link').all();
  expect(await Promise.all(links.map((one) => one.getAttribute('href')))).toEqual([
    ...['https://a.example/one', 'https://a.example/two', 'https://a.example/three'],
  ]);
  for (const one of links)
    expect([await one.getAttribute('target'), await one.getAttribute('rel')]).toEqual([
      '_blank',
      'noopener noreferrer',
    ]);
  await tab.close();
});
