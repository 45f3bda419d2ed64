import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, leaves, talk, type Agent } from './people.ts';

let browser: Browser;
let house: RunningHouse;
beforeAll(async () => {
  browser = await launchChromium();
  house = await openHouse();
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

/** What became of the agent's own lines, oldest first. */
const marks = async ({ tab }: Agent): Promise<readonly string[]> =>
  (await tab.getByRole('log', { name: 'Transcript' }).locator('.ours .mark').allTextContents()).map((text) =>
    text.replace(' · ', ''),
  );
const become = (jonas: Agent, wanted: readonly string[]) => expect.poll(() => marks(jonas)).toEqual(wanted);

it(
  'N7, N8, row 85: what is written to a customer who is gone is held, then delivered, then seen; what nobody saw is told at the end',
  { timeout: 150_000 },
  async () => {
    const jonas = await agentAt(browser, house.origin, 1);
    const context = await browser.newContext();
    const lea = await customerAt(context, `${house.origin}/`);
    await talk(lea, jonas);
    await become(jonas, ['Seen']);

    await lea.page.getByRole('textbox', { name: /message/i }).pressSequentially('Oh');
    await jonas.tab.getByText('is writing…').waitFor();
    await jonas.tab.getByRole('textbox', { name: 'Message' }).pressSequentially('Well');
    await lea.page.getByText('Jonas is writing…').waitFor();

    await leaves(lea, jonas, house);
    await jonas.says('It leaves tonight');
    await jonas.says('Here is its number');
    const held = /^Held$/u;
    await expect
      .poll(async () => (await marks(jonas)).slice(1))
      .toEqual([expect.stringMatching(held), expect.stringMatching(held)]);

    const again = await customerAt(context, `${house.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.statusIs(/Connected with Jonas/u);
    await again.sees('New while you were away · 2 messages');
    const lines = await again.lines();
    const at = lines.indexOf('New while you were away · 2 messages');
    expect(lines.slice(at, at + 3)).toEqual([
      'New while you were away · 2 messages',
      'It leaves tonight',
      'Here is its number',
    ]);
    await jonas.sees('2 of your messages unread.');
    await become(jonas, ['', '', 'Seen']);

    await leaves(again, jonas, house);
    await jonas.says('Are you there?');
    await jonas.does('Close');
    await jonas.tab.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
    await jonas.sees('has not seen one of the messages written here');
    await jonas.list('Closed');
    await jonas.open(/Visitor/u);
    await become(jonas, ['', '', 'Seen', 'Not seen']);
    expect([...again.complaints, ...jonas.complaints]).toEqual([]);
  },
);
