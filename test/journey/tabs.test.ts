import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';

describe('a customer with two tabs', { timeout: 120_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  let context: BrowserContext;
  let jonas: Agent;
  /** The tab that had the chat first, and leads it. */
  let lea: Customer;
  let second: Customer;
  /** How often a page said that its customer is here. */
  let beats = 0;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    house = await openHouse();
    context = await browser.newContext();
    await context.addInitScript({ content: countTones });
    beats = 0;
    context.on('request', (request) => {
      const isBeat =
        request.url().endsWith('/api/presence') && request.postData()?.includes('leaving') !== true;
      if (isBeat) beats += 1;
    });
    jonas = await agentAt(browser, house.origin, 1);
    lea = await customerAt(context, `${house.origin}/`);
    await talk(lea, jonas);
    second = await customerAt(context, `${house.origin}/`);
    await second.sees('I am looking');
  });
  afterEach(async () => {
    for (const one of browser.contexts()) await one.close();
    await house.close();
  });

  const composer = (customer: Customer) => customer.page.getByRole('textbox', { name: /message/iu });
  const inStep = (...lines: readonly string[]) =>
    expect
      .poll(async () => {
        const [one, two] = await Promise.all([lea.lines(), second.lines()]);
        return JSON.stringify(one) === JSON.stringify(two) && lines.every((line) => times(one, line) === 1);
      })
      .toBe(true);
  /** The page that goes on says so twice, as the other one's last word may be slow; then that has time to count. */
  const nobodyIsGone = async () => {
    await expect.poll(() => beats).toBeGreaterThanOrEqual(2);
    for (let i = 0; i < 4; i += 1) await house.advance(16_000);
    await jonas.says('Are you there?');
    const told = jonas.tab.getByRole('log', { name: 'Transcript' });
    expect(await told.getByText(/is gone|is back/u).count()).toBe(0);
  };

  it('sees the same in both, writes in either, and is asked nothing', async () => {
    expect(await second.button(/Continue/u).count()).toBe(0);
    await second.statusIs(/Connected with Jonas/u);
    await second.says('From the second tab');
    await jonas.sees('From the second tab');
    await lea.says('From the first tab');
    await jonas.sees('From the first tab');
    await jonas.says('I see you twice');
    await second.sees('I see you twice');
    await inStep('My parcel is late', 'From the second tab', 'From the first tab', 'I see you twice');
    expect([...lea.complaints, ...second.complaints, ...jonas.complaints]).toEqual([]);
  });

  it('goes on in the one that is left, and the agent notices nothing', async () => {
    await composer(second).fill('Sent while the other closed');
    await Promise.all([composer(second).press('Enter'), lea.page.close()]);
    await jonas.sees('Sent while the other closed');
    await nobodyIsGone();
    await second.sees('Are you there?');
    expect(times(await second.lines(), 'Sent while the other closed')).toBe(1);
    await second.statusIs(/Connected with Jonas/u);
  });

  it('goes on in the one that is left after the other has crashed', async () => {
    const crashing = await context.newCDPSession(lea.page);
    crashing.send('Page.crash').catch(() => undefined);
    await second.says('Still me');
    await jonas.sees('Still me');
    await nobodyIsGone();
    await second.sees('Are you there?');
    expect(times(await second.lines(), 'Still me')).toBe(1);
  });

  it('ends in both when it is ended in one', async () => {
    await second.button('End chat').click();
    await second.statusIs(/Chat ended/u);
    await lea.statusIs(/Chat ended/u);
    expect(await lea.button('New chat').isVisible()).toBe(true);
  });

  it('keeps the old chat in one while the other opens a new one; what is continued there comes along', async () => {
    await lea.button('New chat').click();
    await lea.button('Continue with Jonas').waitFor();
    await second.says('I stay here');
    await jonas.sees('I stay here');
    await composer(second).fill('half a sent');

    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Connected with Jonas/u);
    await second.sees('You continued with Jonas');
    await inStep('My parcel is late', 'I stay here', 'You continued with Jonas');
    expect(await composer(second).inputValue()).toBe('half a sent');
    await composer(second).press('Enter');
    await jonas.sees('half a sent');
    await lea.sees('half a sent');
  });

  it('has two chats after starting fresh in one tab', async () => {
    await second.button('New chat').click();
    await second.button('Start fresh').click();
    await second.sees('Hello!');
    expect(times(await second.lines(), 'My parcel is late')).toBe(0);
    await lea.sees('My parcel is late');
  });

  it.each(['first', 'second'])('may load the %s tab again', async (which) => {
    const before = await lea.lines();
    const one = which === 'first' ? lea : second;
    await one.page.reload();
    await one.statusIs(/Connected with Jonas/u);
    await one.sees('I am looking');
    await inStep('My parcel is late');
    expect(await one.lines()).toEqual(before);
    await lea.says('here');
    await second.says('and here');
    await inStep('here', 'and here');
    if (which === 'first') await nobodyIsGone();
  });

  it('hears one sound when the agent writes and nobody looks', async () => {
    await lea.page.mouse.click(5, 5);
    await second.page.mouse.click(5, 5);
    // Lines that come in one breath with the ones before make no sound of their own.
    await house.advance(3_000);
    const before = (await tones(lea.page)) + (await tones(second.page));
    await jonas.says('There it is');
    await Promise.all([lea.sees('There it is'), second.sees('There it is')]);
    await expect.poll(async () => (await tones(lea.page)) + (await tones(second.page))).toBe(before + 1);
  });

  it('is told in both when another browser takes the chat, and may take it back', async () => {
    const device = await context.storageState();
    const phone = await customerAt(await browser.newContext({ storageState: device }), `${house.origin}/`);
    await phone.button('Continue with Jonas').click();
    await phone.statusIs(/Connected with Jonas/u);
    await house.advance(91_000);
    await lea.statusIs(/another window/u);
    await second.statusIs(/another window/u);
    await second.button('Continue here').click();
    await second.button('Continue with Jonas').click();
    await second.statusIs(/Connected with Jonas/u);
    await lea.statusIs(/Connected with Jonas/u);
    await lea.says('Both back');
    await second.sees('Both back');
  });

  it('is asked, and shown nothing before, in a tab that opens as the one who has just signed in', async () => {
    const answer = await fetch(`${house.origin}/api/widgets/default`);
    const { site } = (await answer.json()) as { site: { people: { subject: string }[] } };
    const page = await context.newPage();
    await page.addInitScript({
      content: `localStorage.setItem('site-person', ${JSON.stringify(site.people[0]?.subject)})`,
    });
    const other = await customerAt(context, `${house.origin}/`);
    await other.button('Continue with Jonas').waitFor();
    expect(times(await other.lines(), 'My parcel is late')).toBe(0);
    // One browser has one person: the first tab has taken its chat along.
    await lea.says('Still me');
    await jonas.sees('Still me');
    await jonas.sees('Lea Moreau');
  });
});

const times = (lines: readonly string[], text: string): number =>
  lines.filter((line) => line === text).length;

/** Runs in the page: nobody looks at it, and its tones are counted. */
const countTones = `
  globalThis.tones = 0;
  document.hasFocus = () => false;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) {
    tones += 1;
    start.call(this, when);
  };`;
const tones = (page: Page): Promise<number> => page.evaluate('tones');
