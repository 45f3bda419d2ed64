import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;

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
const press = (name: string) => tab!.frame.getByRole('button', { name, exact: true }).click();
const dialog = () => tab!.frame.getByRole('dialog');
const details = () => tab!.frame.getByRole('complementary', { name: 'Details' });
const find = () => tab!.frame.getByRole('searchbox', { name: 'Reference number' });
const heading = (name: string) => tab!.frame.getByRole('heading', { name, exact: true });

test('an agent says what came of a chat as they close it, or leaves it open', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  house.terms = { ...house.terms, dispositions: ['Resolved', 'Passed on'] };
  await open({ sub: lea.sid });
  await press('Close');
  await dialog().getByRole('combobox', { name: 'Disposition' }).selectOption('Resolved');
  await dialog().getByRole('textbox', { name: 'Notes' }).fill('sent again');
  await dialog().getByRole('button', { name: 'Close', exact: true }).click();
  await expect
    .poll(() => house.acts)
    .toMatchObject([{ act: 'close', disposition: 'Resolved', notes: 'sent again' }]);
  // Within wrap-up it can be put right.
  await press('Outcome');
  await dialog().getByRole('combobox', { name: 'Disposition' }).selectOption('Passed on');
  await dialog().getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => house.acts.at(-1)).toMatchObject({ act: 'record', disposition: 'Passed on' });
  await details().getByText('Passed on', { exact: true }).waitFor();
  expect(tab!.complaints).toEqual([]);
});

test('row 95, N12: the details tell why this agent, newest first, each with its exact moment', async () => {
  const lea = aRow('Lea Moreau');
  house.put(lea);
  const at = Date.UTC(2026, 0, 5, 10, 3, 40);
  house.stories.set(lea.sid, [
    { ver: 2, at, actor: 'bot', code: 'queued', params: {}, text: 'Lea asked for a person.' },
    { ver: 3, at: at + 1000, actor: 'x', code: 'accepted', params: {}, text: 'Mara took it.' },
  ]);
  await open({ sub: lea.sid });
  const steps = details().getByRole('listitem');
  await expect.poll(() => steps.count()).toBe(2);
  expect(await steps.first().textContent()).toContain('Mara took it.');
  expect(await steps.first().getByRole('time').getAttribute('datetime')).toBe('2026-01-05T10:03:41.000Z');
  // The next change of the chat asks for its story again.
  house.stories.set(lea.sid, [
    { ver: 4, at, actor: 'house', code: 'disconnected', params: {}, text: 'Lea was noticed gone.' },
  ]);
  house.change(lea.sid, { status: 'disconnected' });
  await details().getByText('Lea was noticed gone.').waitFor();
});

test('the previous chats of a customer are listed, and open read-only where they may be read', async () => {
  const lea = aRow('Lea Moreau');
  const before = aRow('Earlier', { list: 'closed', status: 'closed', at: 1 });
  house.put({ ...lea, follows: before.sid });
  house.putAside(before, ['My parcel is lost']);
  const about = { endedAt: Date.UTC(2025, 10, 3), agent: 'Jonas Weber' };
  house.previous.set(lea.sid, [
    { sid: before.sid, reference: '7K2M9-QXD4P', disposition: 'Resolved', mayOpen: true, ...about },
    { sid: before.sid, reference: 'AAAAA-BBBBB', mayOpen: false, ...about },
  ]);
  await open({ sub: lea.sid });
  await details()
    .getByText(/Jonas Weber · Resolved/)
    .waitFor();
  expect(await details().getByRole('button', { name: /AAAAA/ }).count()).toBe(0);
  await press('Read the chat 7K2M9-QXD4P');
  await tab!.frame.getByText('My parcel is lost').waitFor();
  expect(await tab!.frame.getByRole('textbox', { name: 'Message' }).isVisible()).toBe(false);
});

test('row 67: an agent finds a chat by the number its customer quotes, read-only', async () => {
  const tom = aRow('Tomasz Kowal', { list: 'closed', status: 'closed', endedAt: 1 });
  house.put(tom);
  house.references.set('7k2m9qxd4p', tom.sid);
  await open();
  await find().fill('nothing');
  await find().press('Enter');
  await tab!.frame.getByText('No chat that you may read has the number nothing.').waitFor();
  await find().fill('7k2m9qxd4p');
  await find().press('Enter');
  await heading('Tomasz Kowal').waitFor();
  expect(await tab!.frame.getByRole('textbox', { name: 'Message' }).isVisible()).toBe(false);
});

test('row 60: a chat that was taken back shows what was said before it was closed, above the rest', async () => {
  const lea = aRow('Lea Moreau');
  const before = aRow('Earlier', { list: 'closed', status: 'closed', at: 1 });
  house.putAside(before, ['My parcel is lost']);
  house.put({ ...lea, follows: before.sid });
  house.takenBack.add(lea.sid);
  house.say(lea.sid, { text: 'Any news?' });
  await open({ sub: lea.sid });
  const log = tab!.frame.getByRole('log', { name: 'Transcript' });
  await log.getByText('Any news?').waitFor();
  expect(await log.textContent()).toMatch(/My parcel is lost.*Any news\?/su);
});
