import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, launchProfile } from '../browser/chromium.ts';
import { hold } from './hold.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, leaves, talk, type Agent, type Customer } from './people.ts';

const MINUTE = 60_000;

describe('a customer whose chat broke off', { timeout: 120_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await shots(browser);
    for (const context of browser.contexts()) await context.close();
    await house.close();
  });

  /** A customer and Jonas in the middle of a chat. */
  const chatting = async (): Promise<{ lea: Customer; jonas: Agent }> => {
    const jonas = await agentAt(browser, house.origin, 1);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await talk(lea, jonas);
    return { lea, jonas };
  };

  /** Back eleven minutes later, and Jonas is being asked. */
  const backPastTheHold = async (): Promise<{ again: Customer; jonas: Agent }> => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await leaves(lea, jonas, house);
    await house.advance(11 * MINUTE);
    const again = await customerAt(context, `${house.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.statusIs(/waiting for Jonas/iu);
    return { again, jonas };
  };

  it('comes back in a new browser after the old one was killed: same agent, everything said, nothing twice', async () => {
    const jonas = await agentAt(browser, house.origin, 1);
    const first = await launchProfile(mkdtempSync(join(tmpdir(), 'lea-')));
    const lea = await customerAt(first.context, `${house.origin}/`);
    await talk(lea, jonas);
    await jonas.tab.locator('.ours .mark', { hasText: 'Seen' }).waitFor();
    const before = await lea.lines();
    const device = await first.context.storageState();
    await first.kill();

    await house.advance(4 * MINUTE);
    await jonas.sees(/is gone/u);
    await jonas.says('Found it in Leipzig');
    await jonas.says('It leaves tonight');

    const again = await customerAt(await browser.newContext({ storageState: device }), `${house.origin}/`);
    await again.statusIs(/choose/iu);
    await again.button('Continue with Jonas').click();
    await again.sees('It leaves tonight');
    await again.statusIs(/Connected with Jonas/u);

    const after = await again.lines();
    expect(after.slice(0, before.length)).toEqual(before);
    for (const line of ['agent', 'My parcel is late', 'Found it in Leipzig', 'It leaves tonight']) {
      expect(after.filter((one) => one === line)).toHaveLength(1);
    }
    await jonas.sees(/is back/u);
    await jonas
      .card()
      .getByText(/is back/u)
      .waitFor();
    await again.says('Wonderful, thank you');
    await jonas.sees('Wonderful, thank you');
    expect([...again.complaints, ...jonas.complaints]).toEqual([]);
  });

  it('talks on by itself after the server was killed and started again, on both sides', async () => {
    const { lea, jonas } = await chatting();
    await house.kill();
    await lea.page.getByRole('textbox', { name: /message/i }).fill('Are you still there?');
    await lea.page.getByRole('textbox', { name: /message/i }).press('Enter');
    await house.start();

    await jonas.sees('Are you still there?');
    await jonas.says('Yes, I am');
    await lea.sees('Yes, I am');
    await lea.statusIs(/Connected with Jonas/u);
    expect((await lea.lines()).filter((line) => line === 'Are you still there?')).toHaveLength(1);
    expect((await lea.lines()).filter((line) => line === 'Yes, I am')).toHaveLength(1);
    expect(await lea.button(/Continue/u).count()).toBe(0);
  });

  it('comes back although the server was killed while they were away, to all that was said', async () => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await leaves(lea, jonas, house);
    await jonas.says('Found it in Leipzig');
    await house.kill();
    await house.start();
    await jonas.says('It leaves tonight');

    const again = await customerAt(context, `${house.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.sees('It leaves tonight');
    await again.statusIs(/Connected with Jonas/u);
    for (const line of ['My parcel is late', 'I am looking', 'Found it in Leipzig', 'It leaves tonight']) {
      expect((await again.lines()).filter((one) => one === line)).toHaveLength(1);
    }
    await jonas.sees(/is back/u);
  });

  it('heals a reload without being asked', async () => {
    const { lea, jonas } = await chatting();
    const before = await lea.lines();
    await lea.page.reload();
    await lea.sees('I am looking');
    await lea.statusIs(/Connected with Jonas/u);
    expect(await lea.lines()).toEqual(before);
    await jonas.says('Still here');
    await lea.sees('Still here');
  });

  it('past the hold, is offered to the previous agent, who takes it', async () => {
    const { again, jonas } = await backPastTheHold();
    await jonas.does('Accept');
    await again.statusIs(/Connected with Jonas/u);
    await again.sees('My parcel is late');
  });

  it('past the hold, goes to the queue with the history when the previous agent does not answer', async () => {
    const { again } = await backPastTheHold();
    await house.advance(61_000);
    await again.statusIs(/line/iu);

    const amira = await agentAt(browser, house.origin, 2);
    await amira.open('a question');
    await amira.does('Accept');
    await amira.sees('My parcel is late');
    await again.statusIs(/Connected with Amira/u);
  });

  it('past the limit, starts a new chat', async () => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await leaves(lea, jonas, house);
    await house.advance(21 * MINUTE);

    const again = await customerAt(context, `${house.origin}/`);
    await again.sees('Hello!');
    expect(await again.button(/Continue/u).count()).toBe(0);
    await jonas.list('Closed');
    await jonas.tab.getByRole('listitem').filter({ hasText: 'Visitor' }).first().waitFor();
  });

  it('is told when the previous agent is at lunch, and may go on with anyone', async () => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await leaves(lea, jonas, house);
    await jonas.presence('Away');

    const again = await customerAt(context, `${house.origin}/`);
    await again.page.getByText(/away/u).first().waitFor();
    await again.button('Anyone, with my history').click();
    await again.statusIs(/line/iu);
    const amira = await agentAt(browser, house.origin, 2);
    await amira.open('a question');
    await amira.does('Accept');
    await amira.sees('My parcel is late');
  });

  it('waits for an agent at lunch, who is there again within the hold', async () => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await leaves(lea, jonas, house);
    await jonas.presence('Away');

    const again = await customerAt(context, `${house.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.statusIs(/waiting for Jonas/iu);
    await jonas.presence('Available');
    await jonas.does('Accept');
    await again.statusIs(/Connected with Jonas/u);
  });

  it('starts fresh: the bot greets, and the old agent is free again', async () => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await leaves(lea, jonas, house);
    await jonas.sees('Available · 1 of 5');

    const again = await customerAt(context, `${house.origin}/`);
    await again.button('Start fresh').click();
    await again.sees('Hello!');
    expect(await again.lines()).not.toContain('My parcel is late');
    await jonas.sees('Available · 0 of 5');
  });

  it('has one owner when two agents press Accept at once; the other is told who', async () => {
    const [jonas, amira] = await Promise.all([
      agentAt(browser, house.origin, 1),
      agentAt(browser, house.origin, 2),
    ]);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await lea.sees('Hello!');
    await lea.says('agent');
    await Promise.all([jonas.open('a question'), amira.open('a question')]);
    // Whoever presses a moment later may have heard already: neither press is let out before the other.
    const presses = await Promise.all([jonas, amira].map(({ page }) => hold(page, /\/acts$/u)));
    await Promise.all([jonas.does('Accept'), amira.does('Accept'), ...presses.map(({ held }) => held)]);
    for (const { release } of presses) release();
    await lea.statusIs(/Connected with (Jonas|Amira)/u);
    const owner = /Jonas/u.test(await lea.status()) ? 'Jonas' : 'Amira';
    await (owner === 'Jonas' ? amira : jonas).sees(new RegExp(`${owner}.* taken|taken by ${owner}`, 'u'));
  });

  it('is closed by the agent, who is free at once, and is not asked again', async () => {
    const { lea, jonas } = await chatting();
    const context = lea.page.context();
    await jonas.does('Close');
    await jonas.tab.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await lea.statusIs(/ended/iu);
    await jonas.sees('Available · 0 of 5');
    await lea.page.close();
    const again = await customerAt(context, `${house.origin}/`);
    await again.sees('Hello!');
    expect(await again.button(/Continue/u).count()).toBe(0);
  });

  it('finds the half-filled form again in a new browser', async () => {
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await lea.sees('Hello!');
    await lea.says('Report a parcel');
    await lea.sees('Which parcel number is it?');
    await lea.says('4711');
    await lea.sees('What is wrong with it?');
    const context = lea.page.context();
    await lea.page.close();

    const again = await customerAt(context, `${house.origin}/`);
    await again.sees('4711');
    await again.says('It is torn');
    await again.sees(/Parcel 4711: .It is torn/u);
  });
});

/** What stood on every screen when a test failed, for whoever looks into it: in the system's temporary folder. */
async function shots(browser: Browser): Promise<void> {
  for (const [i, page] of browser
    .contexts()
    .flatMap((context) => context.pages())
    .entries()) {
    await page.screenshot({ path: join(tmpdir(), `journey-failed-${i}.png`) });
  }
}
