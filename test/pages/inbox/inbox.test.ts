import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, JONAS, type FakeHouse } from './fake-house.ts';
import { aQueuedRow, aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

/** What a test reads of a scrolling element; tests know no DOM types. */
interface Scroller {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;
const minutes = (n: number) => n * 60_000;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
  await house.close();
});

const open = async (options: Parameters<typeof openTab>[2] = {}) =>
  (tab = await openTab(browser, house, options));
const list = (name: string) => tab!.frame.getByRole('tab', { name, exact: true });
const row = (name: string | RegExp) => tab!.frame.getByRole('listitem').getByRole('button', { name });
const press = (name: string) => tab!.frame.getByRole('button', { name, exact: true }).click();
const transcript = () => tab!.frame.getByRole('log', { name: 'Transcript' });
const message = () => tab!.frame.getByRole('textbox', { name: 'Message' });
const inDialog = (name: string) => tab!.frame.getByRole('dialog').getByRole('button', { name, exact: true });

test('an agent accepts from the queue, answers and closes', async () => {
  const lea = aQueuedRow('Lea Moreau', house.now() - minutes(2), { reason: 'parcel 4711' });
  house.put(lea);
  house.say(lea.sid, { text: 'Where is my parcel?' });
  await open();
  await row(/Lea Moreau/).click();
  await press('Accept');
  await transcript().getByText('Mara is here').waitFor();
  expect(await list('Mine').getAttribute('aria-selected')).toBe('true');
  await message().fill('It leaves tonight.');
  await message().press('Enter');
  await transcript().getByText('It leaves tonight.').waitFor();
  await press('Close');
  await inDialog('Close').click();
  await transcript().getByText('Mara closed the chat').waitFor();
  expect(house.acts.map(({ act }) => act)).toEqual(['accept', 'message', 'close']);
  await list('Closed').click();
  await row(/Lea Moreau/).waitFor();
  expect(tab!.complaints).toEqual([]);
  expect(tab!.outside).toEqual([]);
});

test('Shift and Enter make a new line, Enter alone sends', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await message().pressSequentially('one');
  await message().press('Shift+Enter');
  await message().pressSequentially('two');
  await message().press('Enter');
  await transcript().getByText('two').waitFor();
  await expect.poll(() => house.acts.map(({ text }) => text)).toEqual(['one\ntwo']);
});

test('a deep link opens its chat, in its list', async () => {
  const noor = aRow('Noor Haddad', { list: 'suspended', status: 'suspended' });
  house.put(noor);
  await open({ sub: noor.sid });
  await tab!.frame.getByRole('heading', { name: 'Noor Haddad' }).waitFor();
  expect(await list('Suspended').getAttribute('aria-selected')).toBe('true');
});

test('what other instances write appears by itself: a row, a line, an unread mark', async () => {
  const lea = aRow('Lea Moreau', { at: 2 });
  const tom = aRow('Tomasz Kowal', { at: 1 });
  house.put(lea);
  house.put(tom);
  await open({ sub: lea.sid });
  house.say(lea.sid, { text: 'Any news?' });
  await transcript().getByText('Any news?').waitFor();
  house.say(tom.sid, { text: 'Is it paid?' });
  await row(/Tomasz Kowal/)
    .getByRole('img', { name: 'unread' })
    .waitFor();
  expect(
    await row(/Lea Moreau/)
      .getByRole('img', { name: 'unread' })
      .count(),
  ).toBe(0);
  house.put(aQueuedRow('Ines Duarte', house.now()));
  await list('Queue').click();
  await row(/Ines Duarte/).waitFor();
});

test('of two agents who accept, the second is told who has it, and the row leaves', async () => {
  const lea = aQueuedRow('Lea Moreau', house.now() - minutes(1));
  house.put(lea);
  await open();
  await row(/Lea Moreau/).click();
  const taken = { ...lea, ver: 2, epoch: 2, list: 'mine', status: 'active', owner: JONAS } as const;
  house.refuseNext(409, 'taken', 'Jonas has taken it.', taken);
  await press('Accept');
  await tab!.frame.getByText('Jonas has taken it.').waitFor();
  await row(/Lea Moreau/).waitFor({ state: 'detached' });
  await tab!.frame.getByText('Nobody is waiting').waitFor();
  await list('Mine').click();
  await tab!.frame.getByText('No chats yet').waitFor();
});

test('B11: suspending asks why and until when, and resuming brings it back to Mine', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await press('Suspend');
  await tab!.frame.getByRole('radio', { name: "Customer's machine restarts" }).check();
  await inDialog('In 2 hours').click();
  await inDialog('Suspend').click();
  await transcript().getByText('Mara set the chat aside').waitFor();
  const [act] = house.acts;
  expect(act).toMatchObject({ act: 'suspend', reason: "Customer's machine restarts" });
  expect(Math.abs((act?.backBy ?? 0) - house.now() - minutes(120))).toBeLessThan(minutes(2));
  await press('Resume');
  await transcript().getByText('The chat goes on').waitFor();
  expect(await list('Mine').getAttribute('aria-selected')).toBe('true');
});

test('an agent whose customer is gone can give the slot back, and sees how many lines wait', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  const now = house.now();
  house.change(lea.sid, {
    status: 'disconnected',
    goneAt: now,
    cause: 'phone',
    agentHeldUntil: now + minutes(9),
  });
  await tab!.frame.getByText('Lea is gone', { exact: true }).waitFor();
  await message().fill('I found it.');
  await press('Send');
  await tab!.frame.getByText('1 message held until Lea is back').waitFor();
  await press('Release now');
  await transcript().getByText('The slot is free again').waitFor();
  await tab!.frame.getByRole('button', { name: 'Release now' }).waitFor({ state: 'hidden' });
});

test('a comment is marked as internal, and sent as one', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await press('Add comment');
  await message().fill('The label was torn.');
  await press('Send');
  await transcript().getByText('only your team sees this').waitFor();
  expect(house.acts).toMatchObject([{ act: 'comment', text: 'The label was torn.' }]);
});

test('what is written offline is kept, and goes out once when the connection is back', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await message().waitFor();
  house.cut();
  await tab!.frame.getByText('You are offline.').waitFor();
  await message().fill('Still here.');
  await message().press('Enter');
  await transcript().getByText('not sent').waitFor();
  house.mend();
  await tab!.frame.getByText('You are offline.').waitFor({ state: 'detached' });
  await transcript().getByText('not sent').waitFor({ state: 'detached' });
  expect(house.acts.map(({ text }) => text)).toEqual(['Still here.']);
  expect(await transcript().getByText('Still here.').count()).toBe(1);
});

test('a line whose answer was lost is sent again under the same id, and said once', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.loseNextAnswer();
  await message().fill('Only once.');
  await message().press('Enter');
  await transcript().getByText('Only once.').waitFor();
  await transcript().getByText('sending…').waitFor({ state: 'detached' });
  await transcript().getByText('not sent').waitFor({ state: 'detached' });
  await transcript()
    .getByText(/You · \d/)
    .waitFor();
  expect(house.acts).toHaveLength(1);
  expect(await transcript().getByText('Only once.').count()).toBe(1);
});

test('refused words go back to where they were written, with the reason', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.refuseNext(409, 'notNow', 'Lea has been handed to Jonas.');
  await message().fill('Hello?');
  await message().press('Enter');
  await tab!.frame.getByRole('alert').getByText('Lea has been handed to Jonas.').waitFor();
  expect(await message().inputValue()).toBe('Hello?');
});

test('a draft stays with its chat', async () => {
  house.put(aRow('Lea Moreau', { at: 2 }));
  house.put(aRow('Tomasz Kowal', { at: 1 }));
  await open();
  await list('Mine').click();
  await row(/Lea/).click();
  await message().fill('Dear Lea');
  await row(/Tomasz/).click();
  expect(await message().inputValue()).toBe('');
  await row(/Lea/).click();
  expect(await message().inputValue()).toBe('Dear Lea');
});

test('whoever reads further up is left there, and told of new messages', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  for (let i = 1; i <= 40; i++) house.say(lea.sid, { text: `line ${i}` });
  await open({ sub: lea.sid });
  await transcript().getByText('line 40').waitFor();
  const scroller = tab!.frame.locator('.log');
  await scroller.evaluate((element: Scroller) => {
    element.scrollTop = 100;
  });
  await tab!.frame.getByRole('button', { name: 'New messages' }).waitFor({ state: 'hidden' });
  house.say(lea.sid, { text: 'line 41' });
  await press('New messages');
  const below = await scroller.evaluate((e: Scroller) => e.scrollHeight - e.scrollTop - e.clientHeight);
  expect(below).toBeLessThan(4);
});

test('an agent who goes away may say until when', async () => {
  await open();
  await tab!.frame.getByRole('button', { name: 'Available · 3 of 5' }).click();
  await tab!.frame.getByRole('menuitemradio', { name: 'Away' }).click();
  await inDialog('In 30 minutes').click();
  await inDialog('Set away').click();
  await tab!.frame.getByRole('button', { name: /^Away until .* · 3 of 5$/ }).waitFor();
});

test('a refused token is asked for again, unnoticed', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.refuseTokens('token-1');
  await message().fill('Hello');
  await message().press('Enter');
  await transcript()
    .getByText(/You · \d/)
    .waitFor();
  expect(house.acts).toHaveLength(1);
});

test('keys alone reach a chat: Alt and a digit, arrows, Enter, Escape', async () => {
  house.put(aRow('Lea Moreau', { at: 2 }));
  house.put(aRow('Tomasz Kowal', { at: 1 }));
  await open();
  await list('Queue').focus();
  await tab!.page.keyboard.press('Alt+Digit2');
  await tab!.page.keyboard.press('Tab');
  await tab!.page.keyboard.press('ArrowDown');
  await tab!.page.keyboard.press('Enter');
  await tab!.frame.getByRole('heading', { name: 'Tomasz Kowal' }).waitFor();
  await tab!.page.keyboard.press('Escape');
  await tab!.frame.getByText('Choose a chat').waitFor();
  await tab!.page.keyboard.press('Shift+?');
  await tab!.frame.getByRole('dialog', { name: 'Keyboard' }).waitFor();
});

test('a long list brings the rest when its end is near', async () => {
  for (let i = 0; i < 70; i++) house.put(aQueuedRow(`Customer ${i}`, house.now() - minutes(100 - i)));
  await open();
  await row('Customer 49').scrollIntoViewIfNeeded();
  await row('Customer 69').waitFor({ state: 'attached' });
});

test('a chat that reaches the lists just after they were read, and was told just before, is there', async () => {
  await open();
  const late = aQueuedRow('Late', house.now());
  house.rows.set(late.sid, late);
  house.lines.set(late.sid, []);
  await row('Late').waitFor();
});

test('an agent who scrolled far down stays there over a lost connection, with the same chat open', async () => {
  for (let i = 0; i < 70; i++) house.put(aQueuedRow(`Customer ${i}`, house.now() - minutes(100 - i)));
  await open();
  await row('Customer 49').scrollIntoViewIfNeeded();
  await row('Customer 65').click();
  house.cut();
  await tab!.frame.getByText('You are offline').waitFor();
  const last = aQueuedRow('Customer 69', house.now() - minutes(31), { ver: 2, reason: 'came meanwhile' });
  house.rows.set(last.sid, last);
  house.mend();
  await tab!.frame.getByText('came meanwhile').waitFor({ state: 'attached' });
  await tab!.frame.locator('.row[aria-current="true"]', { hasText: 'Customer 65' }).waitFor();
});

test('the keyboard goes on from the transcript when the button it pressed is gone', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await press('Suspend');
  await inDialog('Suspend').click();
  await tab!.frame.getByRole('button', { name: 'Resume', exact: true }).waitFor();
  await tab!.frame.locator('[role=log]:focus').waitFor();
});

test('whoever leaves the queue while an agent reads is not said to be with somebody', async () => {
  const lea = aQueuedRow('Lea Moreau', house.now());
  house.put(lea);
  await open();
  await row(/Lea/).click();
  await tab!.frame.getByRole('button', { name: 'Accept', exact: true }).waitFor();
  house.leave(lea.sid);
  await tab!.frame.getByText('Lea Moreau is no longer in the queue.').waitFor();
});

test('what a customer writes is never read as HTML, and only web addresses become links', async () => {
  const lea = aRow('Lea <b>Moreau</b>');
  house.put(lea);
  house.say(lea.sid, { text: '<img src=x onerror=alert(1)> javascript:alert(1) https://example.com/a.' });
  await open({ sub: lea.sid });
  await transcript().getByText('<img src=x').waitFor();
  expect(await transcript().getByRole('link').allTextContents()).toEqual(['https://example.com/a']);
  expect(await transcript().locator('img').count()).toBe(0);
});

test('outside Teams the page says where it belongs', async () => {
  const page = await browser.newPage();
  await page.goto(`${house.url}/inbox/`);
  await page.getByText('Open it in Microsoft Teams').waitFor();
  await page.close();
});

test('the page follows the theme of Teams while it is open', async () => {
  await open();
  await tab!.page.evaluate('setTheme("dark")');
  await tab!.frame.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
});
