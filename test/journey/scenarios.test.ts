import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { EARLIER, agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';
import { listed, readsOnce } from './whole.ts';

const MINUTE = 60_000;

let browser: Browser;
let house: RunningHouse;
let context: BrowserContext;
let jonas: Agent;
let amira: Agent;
let lea: Customer;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await openHouse();
  context = await browser.newContext();
  [jonas, amira] = await Promise.all([agentAt(browser, house.origin, 1), agentAt(browser, house.origin, 2)]);
  lea = await customerAt(context, `${house.origin}/`);
  await talk(lea, jonas);
});
afterEach(async () => {
  for (const one of browser.contexts()) await one.close();
  await house.close();
});

const arrive = (): Promise<Customer> => customerAt(context, `${house.origin}/`);

/** From the prompt to a second chat, with Amira. */
const second = async (page: Customer): Promise<void> => {
  await page.button('Start fresh').click();
  await page.sees('Hello!');
  await page.says('agent');
  await amira.open('a question');
  await amira.does('Accept');
  await page.statusIs(/Connected with Amira/u);
  await page.says('And an invoice is wrong');
  await amira.sees('And an invoice is wrong');
  await amira.says('Which invoice?');
  await page.sees('Which invoice?');
};
/** Two chats in two tabs: the first with Jonas, the second with Amira. */
const inTwo = async (): Promise<Customer> => {
  const tab = await arrive();
  await tab.sees('I am looking');
  await tab.button('New chat').click();
  await second(tab);
  return tab;
};
/** The computer is started again: every page is gone at once, and what is noticed of it has been noticed. */
const restarts = async (): Promise<Customer> => {
  await Promise.all(context.pages().map((page) => page.close()));
  for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);
  return arrive();
};

const FIRST = ['agent', 'My parcel is late', 'I am looking'];
const SECOND = ['And an invoice is wrong', 'Which invoice?'];

/** The customer's page shows the one chat whole, and nothing of the other one. */
const shows = async (page: Customer, lines: readonly string[], not: readonly string[]): Promise<void> => {
  await readsOnce(page, lines);
  expect((await page.lines()).filter((line) => not.includes(line))).toEqual([]);
};

describe('scenario 1: in a chat, and asks for one again', { timeout: 120_000 }, () => {
  it('B15, B16: Continue shows the transcript of the session in progress, and it goes on there', async () => {
    const before = await lea.lines();
    await lea.button('New chat').click();
    await lea.statusIs(/choose/iu);
    expect((await lea.lines()).filter((line) => FIRST.includes(line))).toEqual([]);
    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Connected with Jonas/u);
    await readsOnce(lea, FIRST);
    expect((await lea.lines()).slice(0, before.length)).toEqual(before);

    await lea.says('Back in the same chat');
    await jonas.sees('Back in the same chat');
    await jonas.says('I never left');
    await lea.sees('I never left');
    expect(await listed(jonas, 'Mine', 1)).toHaveLength(1);
    expect([...lea.complaints, ...jonas.complaints]).toEqual([]);
  });

  it('B17: Start fresh opens a second session beside the first, and both agents have theirs', async () => {
    await lea.button('New chat').click();
    await second(lea);
    await shows(lea, SECOND, ['My parcel is late', 'I am looking']);

    expect(await listed(jonas, 'Mine', 1)).toHaveLength(1);
    expect(await listed(amira, 'Mine', 1)).toHaveLength(1);
    await jonas.sees('My parcel is late');
    // Nobody hears what is said in the other one.
    expect(await jonas.tab.getByText('And an invoice is wrong').count()).toBe(0);
    expect(await amira.tab.getByText('My parcel is late').count()).toBe(0);
    await jonas.says('Found it in Leipzig');
    await amira.says('Still there?');
    await lea.sees('Still there?');
    expect(await lea.lines()).not.toContain('Found it in Leipzig');
  });
});

describe('scenario 2: two chats in progress, and the computer is started again', { timeout: 120_000 }, () => {
  it('B18, B19: Continue leads to the second; *Other chats* leads to the first', async () => {
    await inTwo();
    const again = await restarts();
    await again.button('Continue with Amira').click();
    await again.statusIs(/Connected with Amira/u);
    await shows(again, SECOND, ['My parcel is late', 'I am looking']);
    await amira.sees(/is back/u);

    await again.button('New chat').click();
    await again.button('Other chats (1)').click();
    await again.button(/^Jonas · in progress/u).click();
    await again.statusIs(/Connected with Jonas/u);
    await shows(again, FIRST, SECOND);
    await jonas.sees(/is back/u);
    await again.says('Now about the parcel');
    await jonas.sees('Now about the parcel');
    expect([...again.complaints, ...jonas.complaints, ...amira.complaints]).toEqual([]);
  });

  it('B20: Start fresh opens a third, and the two stay', async () => {
    await inTwo();
    const again = await restarts();
    await again.button('Start fresh').click();
    await again.sees('Hello!');
    await shows(again, [], [...FIRST, ...SECOND]);
    await again.says('agent');
    await again.statusIs(/in line/iu);
    expect(await listed(jonas, 'Queue', 1)).toHaveLength(1);
    expect(await listed(jonas, 'Mine', 1)).toHaveLength(1);
    expect(await listed(amira, 'Mine', 1)).toHaveLength(1);
  });
});

describe('scenario 3: two chats, and the first one is suspended', { timeout: 120_000 }, () => {
  const suspended = async (): Promise<Customer> => {
    await inTwo();
    await lea.button('Suspend').click();
    await lea.statusIs(/Set aside/u);
    return restarts();
  };

  it('B21, B22: Continue leads to the suspended one, though the other is more recent', async () => {
    const again = await suspended();
    await again.button('Continue with Jonas').click();
    await again.statusIs(/Waiting for Jonas/u);
    await shows(again, FIRST, SECOND);
    await jonas.list('Suspended');
    await jonas.open('I am looking');
    await jonas.does('Resume');
    await again.statusIs(/Connected with Jonas/u);
    await again.says('Any news?');
    await jonas.sees('Any news?');
  });

  it('B22: *Other chats* leads to the one in progress, and the suspended one stays suspended', async () => {
    const again = await suspended();
    await again.button('Continue with Jonas').waitFor();
    await again.button('Other chats (1)').click();
    await again.button(/^Amira · in progress/u).click();
    await again.statusIs(/Connected with Amira/u);
    await shows(again, SECOND, ['My parcel is late', 'I am looking']);
    expect(await listed(jonas, 'Suspended', 1)).toHaveLength(1);

    await again.button('New chat').click();
    await again.button('Other chats (1)').click();
    await again.button(/^Amira · in progress/u).waitFor();
  });

  it('B23: Start fresh opens a third', async () => {
    const again = await suspended();
    await again.button('Start fresh').click();
    await again.sees('Hello!');
    await shows(again, [], [...FIRST, ...SECOND]);
    expect(await listed(jonas, 'Suspended', 1)).toHaveLength(1);
    expect(await listed(amira, 'Mine', 1)).toHaveLength(1);
  });
});

describe('Start fresh, and whether the new agent may see the earlier chat', { timeout: 120_000 }, () => {
  /** Lea starts fresh, is asked, and Amira takes the new chat. */
  const freshAnd = async (answer?: 'Yes' | 'No'): Promise<void> => {
    await lea.button('New chat').click();
    await lea.button('Start fresh').click();
    await lea.sees('Let the new agent see the earlier chat?');
    await lea.sees('Hello!');
    if (answer !== undefined) {
      await lea.page.getByRole('button', { name: answer, exact: true }).click();
      await expect
        .poll(() => lea.page.getByRole('button', { name: answer, exact: true }).isDisabled())
        .toBe(true);
    }
    await lea.says('agent');
    await amira.open('a question');
    await amira.does('Accept');
    await lea.statusIs(/Connected with Amira/u);
    await lea.says('Another thing');
    await amira.sees('Another thing');
  };
  const earlier = () => amira.tab.getByRole('button', { name: EARLIER }).filter({ visible: true }).first();

  it('Yes: Amira finds it beside the new one, reads all of it, and can do nothing in it', async () => {
    await freshAnd('Yes');
    await amira.sees(/lets you read the earlier chat/u);
    await amira.does('Details');
    await earlier().click();
    await amira.sees('read only');
    await amira.sees('My parcel is late');
    await amira.sees('I am looking');
    expect(await amira.tab.getByRole('textbox', { name: 'Message' }).isVisible()).toBe(false);
    await amira.does('Back to the chat');
    await amira.says('I have read it');
    await lea.sees('I have read it');
    expect([...lea.complaints, ...amira.complaints]).toEqual([]);
  });

  it.each(['No', undefined] as const)('%s: Amira is shown nothing of it', async (answer) => {
    await freshAnd(answer);
    await amira.does('Details');
    await amira.tab
      .getByRole('complementary', { name: 'Details' })
      .getByText('Opened', { exact: true })
      .waitFor();
    expect(await earlier().isVisible()).toBe(false);
    expect(await amira.tab.getByText('My parcel is late').count()).toBe(0);
  });
});

describe('what was answered before is never asked again', { timeout: 120_000 }, () => {
  const FORM = ['Which parcel number is it?', '4711', 'What is wrong with it?', 'Parcel 4711, I see'];

  it('the form, half filled, and then a person: neither Continue nor a restart asks again', async () => {
    const own = await browser.newContext();
    const tom = await customerAt(own, `${house.origin}/`);
    await tom.sees('Hello!');
    await tom.says('Report a parcel');
    await tom.sees('Which parcel number is it?');
    await tom.says('4711');
    await tom.sees('What is wrong with it?');
    await tom.says('agent');
    await amira.open('parcel 4711');
    await amira.does('Accept');
    await tom.statusIs(/Connected with Amira/u);
    await amira.says('Parcel 4711, I see');
    await tom.sees('Parcel 4711, I see');

    await tom.button('New chat').click();
    await tom.button('Continue with Amira').click();
    await tom.statusIs(/Connected with Amira/u);
    await readsOnce(tom, FORM);
    await tom.page.close();
    for (let i = 0; i < 4; i += 1) await house.advance(MINUTE);
    const again = await customerAt(own, `${house.origin}/`);
    await again.button('Continue with Amira').click();
    await again.statusIs(/Connected with Amira/u);
    await again.says('It is torn');
    await amira.sees('It is torn');
    await readsOnce(again, [...FORM, 'It is torn']);
  });
});

describe('a customer who suspends the chat (B12, B14, row 39)', { timeout: 120_000 }, () => {
  /** Set aside and left; back later, and Jonas is asked to resume. */
  const backTo = async (meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<Customer> => {
    await lea.button('Suspend').click();
    await lea.statusIs(/Set aside/u);
    await jonas.sees(/has set this chat aside/u);
    await lea.page.close();
    await meanwhile();
    await house.advance(30 * MINUTE);
    const again = await arrive();
    await again.button('Continue with Jonas').click();
    await again.statusIs(/Waiting for Jonas/u);
    await readsOnce(again, FIRST);
    return again;
  };
  const anyone = async (again: Customer): Promise<void> => {
    await again.button('Anyone, with my history').click();
    await again.statusIs(/in line/iu);
    await amira.list('Queue');
    await amira.open('a question');
    await amira.does('Accept');
    await again.statusIs(/Connected with Amira/u);
    for (const line of ['My parcel is late', 'I am looking']) await amira.sees(line);
    await amira.says('I can read it all');
    await again.sees('I can read it all');
    await readsOnce(again, [...FIRST, 'I can read it all']);
  };

  it('waits for Jonas by name until he answers: any word of his resumes it', async () => {
    const again = await backTo();
    await jonas.sees(/is back and waits for/u);
    expect(await again.button('Anyone, with my history').isVisible()).toBe(false);
    await jonas.list('Suspended');
    await jonas.open('I am looking');
    await jonas.says('Here I am again');
    await again.sees('Here I am again');
    await again.statusIs(/Connected with Jonas/u);
    expect([...again.complaints, ...jonas.complaints]).toEqual([]);
  });

  it('may have anyone, who reads everything said, where Jonas is away', async () => {
    const again = await backTo(() => jonas.presence('Away'));
    await again.sees(/Jonas is away right now/u);
    await anyone(again);
  });

  it('may have anyone once Jonas has let a minute pass', async () => {
    const again = await backTo();
    await house.advance(61_000);
    await again.sees(/Jonas has not answered yet/u);
    await anyone(again);
  });
});
