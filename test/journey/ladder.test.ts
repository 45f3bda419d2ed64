import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { withClockOff, withoutCookies } from './odd-browsers.ts';
import { agentAt, customerAt, leaves, talk, type Agent, type Customer } from './people.ts';
import {
  conversationOf,
  answers,
  asks,
  begun,
  comings,
  directLine,
  isAskedNothing,
  isWhole,
  listed,
  readsOnce,
  types,
  type Chat,
} from './whole.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

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
  for (const context of browser.contexts()) await context.close();
  await house.close();
});

const arrive = async (context?: BrowserContext): Promise<Customer> =>
  customerAt(context ?? (await browser.newContext()), `${house.origin}/`);
const jonasAtWork = (): Promise<Agent> => agentAt(browser, house.origin, 1);

/** A customer, in this browser or in one of their own, in the middle of a chat with Jonas. */
const chatting = async (context?: BrowserContext): Promise<Chat> => {
  const jonas = await jonasAtWork();
  const lea = await arrive(context);
  await talk(lea, jonas);
  return begun(lea, jonas);
};

const saysItKeepsNone = (lea: Customer) =>
  lea.page
    .getByText(/keeps no cookies.*only with its link or code/u)
    .first()
    .waitFor();

describe('a page that still shows the chat heals by itself', { timeout: 240_000 }, () => {
  it('row 84, B24: cookies disabled, over a lost socket and an expired token; and says that it keeps none', async () => {
    await directLine(house, { knobs: { tokenLifeMs: 2 * MINUTE } });
    const context = await browser.newContext();
    await withoutCookies(context);
    const chat = await chatting(context);
    await saysItKeepsNone(chat.lea);

    await directLine(house, { dropSockets: true });
    await asks(chat, 'After the socket');
    await house.advance(2.5 * MINUTE);
    await directLine(house, { dropSockets: true });
    await asks(chat, 'After the token');
    await answers(chat, 'Both arrived');

    await isWhole(chat);
    await saysItKeepsNone(chat.lea);
    expect(await context.cookies()).toEqual([]);
    expect([...chat.lea.complaints, ...chat.jonas.complaints]).toEqual([]);
  });

  it.each([
    ['an hour ahead', 60 * MINUTE],
    ['an hour behind', -60 * MINUTE],
  ])('with the clock of its machine %s: order, times, beats and deadlines are right', async (_, ms) => {
    const context = await browser.newContext();
    await withClockOff(context, ms);
    const chat = await chatting(context);
    expect(
      await chat.lea.page.evaluate('Math.round((Date.now() - performance.timeOrigin) / 3_600_000)'),
    ).toBe(ms / (60 * MINUTE));
    await asks(chat, 'What time is it?');
    await answers(chat, 'Time for tea');
    await asks(chat, 'Thank you');
    await showsFreshTimes(chat.lea);

    // Three graces pass, and nobody has missed a beat.
    for (let i = 0; i < 6; i += 1) await house.advance(95 * SECOND);
    await answers(chat, 'Still here?');
    expect(await comings(chat.jonas)).toEqual([]);
    await isWhole(chat);
  });

  it('offline for ten minutes in the middle of a message: gone, back, and everything is there once', async () => {
    const chat = await chatting();
    const { lea, jonas } = chat;
    const context = lea.page.context();
    await lea.page.getByRole('textbox', { name: /message/iu }).fill('Are you');
    await context.setOffline(true);
    await directLine(house, { dropSockets: true });
    await lea.statusIs(/offline/iu);
    await types(chat, 'Are you still looking?');

    for (let i = 0; i < 5; i += 1) await house.advance(MINUTE);
    await jonas.sees(/is gone/u);
    await jonas.says('It is in Leipzig');
    for (let i = 0; i < 5; i += 1) await house.advance(MINUTE);
    await context.setOffline(false);

    await jonas.sees(/is back/u);
    await lea.sees('It is in Leipzig');
    await jonas.sees('Are you still looking?');
    // Jonas said it first, as far as the house has heard.
    chat.said.splice(-1, 0, 'It is in Leipzig');
    await asks(chat, 'Leipzig, good');
    await isWhole(chat);
    expect(await comings(jonas)).toEqual([
      expect.stringMatching(/is gone: probably a lost connection/u),
      expect.stringMatching(/is back/u),
    ]);
  });

  it('over several lives of a token of twenty seconds, with lines both ways', async () => {
    await directLine(house, { knobs: { tokenLifeMs: 20 * SECOND } });
    const chat = await chatting();
    for (const life of ['second', 'third', 'fourth', 'fifth']) {
      await house.advance(25 * SECOND);
      // One life ends on a quiet line, the next together with its socket.
      if (life === 'third' || life === 'fifth') await directLine(house, { dropSockets: true });
      await asks(chat, `Asked in the ${life} life`);
      await answers(chat, `Answered in the ${life} life`);
    }
    await isWhole(chat);
    expect(await comings(chat.jonas)).toEqual([]);
  });

  it('row 59, N11: the conversation deleted beneath it, a new one carries the same session', async () => {
    const chat = await chatting();
    const before = await conversationOf(chat.lea);
    await directLine(house, { forget: before });
    await directLine(house, { dropSockets: true });
    await asks(chat, 'Does this line still work?');
    await answers(chat, 'It does');
    expect(await conversationOf(chat.lea)).not.toBe(before);
    await isWhole(chat);
  });
});

describe(
  'row 80: a page that is loaded again shows the same lines and asks nothing',
  { timeout: 180_000 },
  () => {
    /** Loads the page again, and waits for what it said before. */
    const again = async (lea: Customer, status: RegExp): Promise<void> => {
      await lea.statusIs(status);
      const before = await lea.lines();
      expect(before).not.toEqual([]);
      await lea.page.reload();
      await lea.statusIs(status);
      await expect.poll(() => lea.lines()).toEqual(before);
      await isAskedNothing(lea);
    };

    it('with the bot', async () => {
      const lea = await arrive();
      await lea.sees('Hello!');
      await lea.says('Report a parcel');
      await lea.sees('Which parcel number is it?');
      await again(lea, /Connected/u);
      await lea.says('4711');
      await lea.sees('What is wrong with it?');
    });

    it('in line', async () => {
      const jonas = await jonasAtWork();
      const lea = await arrive();
      await lea.sees('Hello!');
      await lea.says('agent');
      await again(lea, /in line/iu);
      expect(await listed(jonas, 'Queue', 1)).toHaveLength(1);
      await jonas.open('a question');
      await jonas.does('Accept');
      await lea.statusIs(/Connected with Jonas/u);
    });

    it('with an agent', async () => {
      const chat = await chatting();
      await again(chat.lea, /Connected with Jonas/u);
      await asks(chat, 'And again');
      await isWhole(chat);
      expect(await comings(chat.jonas)).toEqual([]);
    });

    it('set aside by the agent', async () => {
      const chat = await chatting();
      const { lea, jonas } = chat;
      await jonas.does('Suspend');
      await jonas.tab.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
      await again(lea, /waiting for Jonas/iu);
      expect(await listed(jonas, 'Suspended', 1)).toEqual([chat.visitor]);
      await jonas.open(chat.visitor);
      await answers(chat, 'There it is');
      await isWhole(chat);
    });

    it('ended', async () => {
      const chat = await chatting();
      const { lea, jonas } = chat;
      await lea.button('End chat').click();
      await lea.sees('You have ended this chat.');
      await again(lea, /Chat ended/u);
      await readsOnce(lea, chat.said);
      expect(await listed(jonas, 'Closed', 1)).toEqual([chat.visitor]);
      expect(await lea.button('New chat').isVisible()).toBe(true);
    });
  },
);

describe('row 84, B25: a browser without cookies that was started again', { timeout: 180_000 }, () => {
  it('is routed like any new one, and says what the way back is: the link, to the same session', async () => {
    const first = await browser.newContext();
    await withoutCookies(first);
    const chat = await chatting(first);
    const { jonas } = chat;
    await jonas.does('Send reconnect link');
    const url = await linkOn(chat.lea);
    await leaves(chat.lea, jonas, house);

    const second = await browser.newContext();
    await withoutCookies(second);
    const stranger = await arrive(second);
    await stranger.sees('Hello!');
    await saysItKeepsNone(stranger);
    await isAskedNothing(stranger);
    expect(await stranger.lines()).not.toContain('My parcel is late');
    await stranger.says('agent');
    await stranger.statusIs(/in line/iu);
    expect(await listed(jonas, 'Queue', 1)).not.toEqual([chat.visitor]);
    await stranger.button('Leave line').click();
    await stranger.page.close();

    const third = await browser.newContext();
    await withoutCookies(third);
    const lea = await customerAt(third, url);
    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Connected with Jonas/u);
    const back = { ...chat, lea };
    await jonas.list('Mine');
    await jonas.open(chat.visitor);
    await asks(back, 'Here I am again');
    await isWhole(back);
  });
});

/** What stands under the newest lines: they are new. */
async function showsFreshTimes(customer: Customer): Promise<void> {
  const times = customer.page.locator('.webchat__activity-status, .webchat__activityStatus');
  await expect.poll(() => times.count()).toBeGreaterThan(0);
  for (const time of await times.allTextContents()) expect(time).toMatch(/just now|a minute ago/iu);
}

async function linkOn(customer: Customer): Promise<string> {
  const shown = customer.page.getByText(/https?:\/\/\S+#rt1_\S+/u).last();
  await shown.waitFor();
  return /https?:\/\/\S+#rt1_[\w.-]+/u.exec(await shown.innerText())?.[0] ?? '';
}
