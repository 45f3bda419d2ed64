import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow, sidOf } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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
const button = (name: string) => tab!.frame.getByRole('button', { name, exact: true });
const dialogs = () => tab!.frame.getByRole('dialog');
const given = () => tab!.frame.getByRole('region', { name: 'Reconnect link' });
const keep = () => given().getByRole('form', { name: 'Keep until' });
const message = () => tab!.frame.getByRole('textbox', { name: 'Message' });
const url = () => given().getByRole('textbox', { name: 'Reconnect link' });
const transcript = () => tab!.frame.getByRole('log', { name: 'Transcript' });
const inbox = () => tab!.page.frames().find((frame) => frame.url().endsWith('/inbox/'));
const clipboard = () => inbox()?.evaluate('navigator.clipboard.readText()');
const acts = () => house.acts.map(({ id: _, sid: __, epoch: ___, ...act }) => act);
const gone = (now: number) =>
  ({ status: 'disconnected', goneAt: now, cause: 'phone', returnUntil: now + 20 * MINUTE }) as const;

test('A7, row 1: one press sends a link, and says how long it works, for whom, and its code', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid, clipboard: true });
  await button('Send reconnect link').click();
  await given().getByText('Sent to Lea in the chat. It works while the chat runs, and for 20 min').waitFor();
  await given().getByText('Only Lea, signed in, can use it.').waitFor();
  expect([acts(), await dialogs().count()]).toEqual([[{ act: 'link' }], 0]);
  expect(await url().inputValue()).toMatch(/^https:\/\/www\.example\.com\/support#rt1_/u);
  await given().getByText('apple river stone', { exact: true }).waitFor();
  await given()
    .getByText(/until .* · (10:00|9:\d\d) left/u)
    .waitFor();
  await given().getByRole('button', { name: 'Copy', exact: true }).click();
  await given().getByRole('button', { name: 'Copied' }).waitFor();
  expect(await clipboard()).toBe(await url().inputValue());
  expect(tab!.complaints).toEqual([]);
});

test('row 2: /link and Enter does the same, and nothing is said in the chat but that', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await tab!.frame.getByPlaceholder('Message Lea · / for responses · /link for a link').fill('/link');
  await tab!.frame.getByText('/link sends a reconnect link').waitFor();
  await message().press('Enter');
  await given().getByText('Sent to Lea in the chat.').waitFor();
  expect([acts(), await message().inputValue()]).toEqual([[{ act: 'link' }], '']);
});

test.each(['/links', '/link please', '/Suspend', 'see /link'])(
  'row 2: %s is no command, and is sent as it was typed',
  async (text) => {
    const lea = aRow('Lea Moreau');
    house.put(lea);
    await open({ sub: lea.sid });
    await message().fill(text);
    await message().press('Enter');
    await transcript().getByText(text, { exact: true }).waitFor();
    await expect.poll(acts).toEqual([{ act: 'message', text }]);
  },
);

test('row 2: /link in a comment stays with the team', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await button('Add comment').click();
  await message().fill('/link');
  await message().press('Enter');
  await expect.poll(acts).toEqual([{ act: 'comment', text: '/link' }]);
});

test('row 1: a press whose answer was lost is pressed again, and gives no second link', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.giveUpNextAnswer();
  await button('Send reconnect link').click();
  await tab!.frame.getByText('There was no answer. Press it again').waitFor();
  await button('Send reconnect link').click();
  await given().getByText('apple river stone', { exact: true }).waitFor();
  expect([acts(), house.linksMade()]).toEqual([[{ act: 'link' }], 1]);
  // Answered, the next press is a new wish.
  await button('Send reconnect link').click();
  await given().getByText('apple river stone 2', { exact: true }).waitFor();
});

test('row 2: a /link whose answer was lost stands where it was typed, and gives no second link either', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.giveUpNextAnswer();
  await message().fill('/link');
  await message().press('Enter');
  await tab!.frame.getByText('There was no answer. Press it again').waitFor();
  await expect.poll(() => message().inputValue()).toBe('/link');
  await message().press('Enter');
  await given().getByText('apple river stone', { exact: true }).waitFor();
  expect([acts(), house.linksMade()]).toEqual([[{ act: 'link' }], 1]);
});

test('a link whose customer has used it, though its answer was lost, is given anew', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.giveUpNextAnswer();
  await button('Send reconnect link').click();
  await tab!.frame.getByText('There was no answer.').waitFor();
  const back = { side: 'house', kind: 'notice', code: 'customerBack' } as const;
  house.say(lea.sid, { ...back, text: 'Lea is back, with the link.' });
  await transcript().getByText('with the link').waitFor();
  await button('Send reconnect link').click();
  await given().getByText('apple river stone 2', { exact: true }).waitFor();
  expect(acts()).toEqual([{ act: 'link' }, { act: 'link' }]);
});

test('a host that keeps its clipboard from the tab leaves the link selected, and says what to press', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await button('Send reconnect link').click();
  await given().waitFor();
  await inbox()?.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("no"))');
  await given().getByRole('button', { name: 'Copy', exact: true }).click();
  await given().getByRole('button', { name: 'Press Ctrl+C' }).waitFor();
  expect(await inbox()?.evaluate('document.activeElement.value')).toContain('#rt1_');
});

test('A8: Keep until… suspends and sends a link in one act, with the moment the agent means to be back', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await button('Send reconnect link').click();
  await button('Keep until…').click();
  await button('Suspend and send link').click();
  await keep().getByRole('alert').getByText('Say until when').waitFor();
  await keep().getByRole('button', { name: 'In 2 hours' }).click();
  await keep()
    .getByText(/set aside, and the link works until .*\. Lea is told: back /u)
    .waitFor();
  await button('Suspend and send link').click();
  await keep().waitFor({ state: 'hidden' });
  await given().getByText('apple river stone 2', { exact: true }).waitFor();
  await given()
    .getByText(/^Sent to Lea in the chat\. It works until /u)
    .waitFor();
  const [first, act] = house.acts;
  expect([first?.act, house.acts.length]).toEqual(['link', 2]);
  expect(act).toMatchObject({ act: 'suspend', link: true });
  expect(Math.abs((act?.backBy ?? 0) - house.now() - 2 * HOUR)).toBeLessThan(2 * MINUTE);
  expect(house.rows.get(lea.sid)?.status).toBe('suspended');
});

test('B5: copying a link is no act: what is set aside stays so, while sending one resumes it', async () => {
  const until = house.now() + 24 * HOUR;
  const lea = aRow('Lea Moreau', { list: 'suspended', status: 'suspended', suspendedUntil: until });
  house.put(lea);
  await open({ sub: lea.sid, clipboard: true });
  await button('Copy reconnect link').click();
  await given().getByText('Not in the chat: mail it, or read out the code. It works until').waitFor();
  await given().getByRole('button', { name: 'Copied' }).waitFor();
  expect(await clipboard()).toBe(await url().inputValue());
  await tab!.frame.locator('.given .button:focus').waitFor();
  expect([acts(), house.rows.get(lea.sid)?.status]).toEqual([[], 'suspended']);
  await button('Send reconnect link').click();
  await given().getByText('Sent to Lea in the chat.').waitFor();
  expect(acts()).toEqual([{ act: 'link' }]);
  expect(house.rows.get(lea.sid)?.status).toBe('active');
});

test('on a tab as wide as half a desk, copying puts the details away and the link in front', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid, width: 960 });
  await button('Details').click();
  await button('Copy reconnect link').click();
  await given().getByText('Not in the chat').waitFor();
  await button('Copy reconnect link').waitFor({ state: 'hidden' });
  await tab!.frame.locator('.given :focus').waitFor();
});

test('an agent whose customer is gone sees until when the link works, and that it waits unless it is mailed', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  house.change(lea.sid, gone(house.now()));
  await open({ sub: lea.sid });
  await button('Send reconnect link').click();
  await given()
    .getByText(/^Sent in the chat, where it waits for Lea: mail it too, .* It works until .*\d\d:\d\d\./u)
    .waitFor();
});

test('N9: a new code is a press away, without an act, and the link can be hidden and had again', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await button('Send reconnect link').click();
  await given().getByText('apple river stone', { exact: true }).waitFor();
  await button('New code').click();
  await given().getByText('apple river stone 2', { exact: true }).waitFor();
  expect(acts()).toEqual([{ act: 'link' }]);
  await button('Hide the link').click();
  await button('New code').waitFor({ state: 'hidden' });
  await button('Copy reconnect link').click();
  await given().getByText('apple river stone 3', { exact: true }).waitFor();
  expect(acts()).toEqual([{ act: 'link' }]);
});

test('row 11: withdrawn links are shown no longer, whoever withdrew them', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await button('Send reconnect link').click();
  await button('Withdraw links').click();
  await transcript().getByText('no longer work').waitFor();
  await button('Withdraw links').waitFor({ state: 'hidden' });
  expect(acts()).toEqual([{ act: 'link' }, { act: 'revokeLinks' }]);
  await button('Copy reconnect link').click();
  await given().getByText('apple river stone 2', { exact: true }).waitFor();
  house.say(lea.sid, { side: 'house', kind: 'notice', code: 'linksRevoked', text: 'Lea has withdrawn them' });
  await button('Withdraw links').waitFor({ state: 'hidden' });
});

test('a link stays with its chat: it is not shown over another, and not kept in the browser', async () => {
  const lea = aRow('Lea Moreau', { at: 2 });
  house.put(lea);
  house.put(aRow('Tomasz Kowal', { at: 1 }));
  await open();
  await tab!.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  const row = (name: RegExp) => tab!.frame.getByRole('listitem').getByRole('button', { name });
  await row(/Lea/).click();
  await button('Send reconnect link').click();
  await given().getByText('apple river stone', { exact: true }).waitFor();
  await button('Keep until…').click();
  await row(/Tomasz/).click();
  await button('New code').waitFor({ state: 'hidden' });
  await row(/Lea/).click();
  await button('Send reconnect link').waitFor();
  expect(await button('New code').isVisible()).toBe(false);
  expect(await keep().count()).toBe(0);
  const kept = await inbox()?.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  expect(kept).not.toMatch(/rt1_|river/u);
});

test('N1: a link that was tried again elsewhere offers to give a code', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  house.say(lea.sid, {
    side: 'house',
    kind: 'notice',
    code: 'linkReused',
    text: 'A used link was opened on an unknown device and refused.',
  });
  await transcript().getByRole('button', { name: 'Give a code' }).click();
  await given().getByText('apple river stone', { exact: true }).waitFor();
  expect(house.acts).toEqual([]);
});

test.each([
  [{ enabled: true }, 'This chat’s settings name no portal address'],
  [{ enabled: false }, 'This chat’s settings let nobody come back'],
])('A27: without what a link needs every way to one is closed, and says why: %o', async (terms, why) => {
  house.terms = { ...house.terms, ...terms, canLink: false };
  const lea = aRow('Lea Moreau');
  house.put(lea);
  house.say(lea.sid, { side: 'house', kind: 'notice', code: 'linkReused', text: 'A used link was refused.' });
  await open({ sub: lea.sid });
  const closed = (name: string) => tab!.frame.getByRole('button', { name, description: why, disabled: true });
  await closed('Send reconnect link').waitFor();
  expect(await closed('Send reconnect link').getAttribute('title')).toBe(why);
  await closed('Send reconnect link').click({ force: true });
  await closed('Copy reconnect link').click({ force: true });
  await message().fill('/link');
  await message().press('Enter');
  await tab!.frame.getByRole('alert').getByText(why).waitFor();
  expect([await message().inputValue(), acts(), house.linksMade()]).toEqual(['/link', [], 0]);
  expect(await transcript().getByRole('button', { name: 'Give a code' }).count()).toBe(0);
});

test('keys alone send a link, keep it longer, and come back to where they were', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  const { keyboard } = tab!.page;
  // Whether links are given comes with the chat: until then nothing happens at a press.
  await tab!.frame.locator('.button:not([aria-disabled])').and(button('Send reconnect link')).focus();
  await keyboard.press('Enter');
  await given().getByText('apple river stone', { exact: true }).waitFor();
  await tab!.frame.locator('.button:focus', { hasText: 'Send reconnect link' }).waitFor();
  await button('Keep until…').focus();
  await keyboard.press('Enter');
  await tab!.frame.locator('.given input[type=datetime-local]:focus').waitFor();
  await keyboard.press('Escape');
  await tab!.frame.locator('.button:focus', { hasText: 'Keep until…' }).waitFor();
  await button('Hide the link').focus();
  await keyboard.press('Enter');
  await tab!.frame.locator('[role=log]:focus').waitFor();
});

test('row 60: an earlier chat opens to be read: nothing to press, nothing to write, and one step back', async () => {
  const earlier = aRow('Lea Moreau', {
    sid: sidOf('earlier'),
    list: 'mine',
    status: 'closed',
    owner: { id: 'tenant:jonas' as never, name: 'Jonas Weber' },
    endedAt: house.now() - HOUR,
  });
  house.putAside(earlier, ['My parcel is lost.']);
  const lea = aRow('Lea Moreau', { follows: earlier.sid });
  house.put(lea);
  house.say(lea.sid, { text: 'It is me again.' });
  await open({ sub: lea.sid });
  await button('Earlier chat').click();
  await transcript().getByText('My parcel is lost.').waitFor();
  await tab!.frame.getByText('Earlier chat', { exact: true }).and(tab!.frame.getByRole('status')).waitFor();
  for (const name of [
    'Send reconnect link',
    'Copy reconnect link',
    'Suspend',
    'Close',
    'Take back',
    'Send',
  ]) {
    expect(await button(name).count(), name).toBe(0);
  }
  expect(await tab!.frame.getByRole('textbox', { name: 'Message' }).isVisible()).toBe(false);
  // News of it reach everyone: it is in nobody's list, and stays open all the same.
  const { sid, seq } = earlier;
  house.tell('row', { sid, ver: 9, seq, row: null, list: null });
  house.say(lea.sid, { text: 'Hello?' });
  await button('Back to the chat').click();
  await transcript().getByText('It is me again.').waitFor();
  await button('Send reconnect link').waitFor();
  await tab!.frame.locator('[role=log]:focus').waitFor();
});

test('a widget in preview is labelled so, where its chat is read', async () => {
  house.terms = { ...house.terms, preview: true };
  const lea = aRow('Lea Moreau');
  house.put(lea);
  await open({ sub: lea.sid });
  await tab!.frame.getByRole('main').getByText('Preview', { exact: true }).waitFor();
  await tab!.frame
    .getByRole('complementary', { name: 'Details' })
    .getByText('Preview', { exact: true })
    .waitFor();
});
