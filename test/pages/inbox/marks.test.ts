import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { lastMarked, laterMarks, markText } from '../../../src/pages/inbox/state/marks.ts';
import type { Line } from '../../../src/pages/inbox/wire/wire.ts';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, MARA, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab;
const lea = aRow('Lea Moreau');
const mine = (text: string) => ({ text, side: 'agent', name: MARA.name, by: MARA.id }) as const;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
  house.put(lea);
  house.say(lea.sid, { text: 'Where is my parcel?' });
  house.say(lea.sid, mine('I look'));
  tab = await openTab(browser, house);
  await tab.frame.getByRole('tab', { name: 'Mine', exact: true }).click();
  await tab.frame.getByRole('listitem').getByRole('button', { name: 'Lea Moreau' }).click();
  await log().getByText('Where is my parcel?').waitFor();
});
afterEach(async () => {
  await tab.close();
  await house.close();
});

const log = () => tab.frame.getByRole('log');
/** What stands over each of the agent's own lines, behind the time. */
const marks = async (): Promise<readonly string[]> =>
  (await log().locator('.ours .mark').allTextContents()).map((text) => text.replace(' · ', ''));

test('N8: a line is sent, delivered, then seen, and never less again', async () => {
  await expect.poll(marks).toEqual(['Sent']);
  house.mark(lea.sid, { delivered: 2 });
  await expect.poll(marks).toEqual(['Delivered']);
  house.mark(lea.sid, { delivered: 2, seen: 2 });
  await expect.poll(marks).toEqual(['Seen']);
  house.mark(lea.sid, { delivered: 2 });
  house.say(lea.sid, mine('Still looking'));
  await expect.poll(marks).toEqual(['Seen', 'Sent']);
  expect(tab.complaints).toEqual([]);
});

test('N8: who has seen one has seen all before it, so only the newest says so, as in Teams', async () => {
  for (const text of ['At the depot', 'In Leipzig', 'It leaves tonight']) house.say(lea.sid, mine(text));
  house.mark(lea.sid, { delivered: 5, seen: 3 });
  await expect.poll(marks).toEqual(['', 'Seen', '', 'Delivered']);
  house.mark(lea.sid, { delivered: 5, seen: 5 });
  await expect.poll(marks).toEqual(['', '', '', 'Seen']);
});

test('N8, O21: what is written to a customer who is gone is held until they are back', async () => {
  house.mark(lea.sid, { delivered: 2, seen: 2 });
  house.change(lea.sid, { status: 'disconnected', goneAt: house.now() });
  house.say(lea.sid, mine('It leaves tonight'));
  await expect.poll(marks).toEqual(['Seen', 'Held']);
  house.change(lea.sid, { status: 'active' });
  house.mark(lea.sid, { delivered: 3, seen: 2 });
  await expect.poll(marks).toEqual(['Seen', 'Delivered']);
});

test('N8: a session that ended with lines unseen marks them, and its notice leads there', async () => {
  house.mark(lea.sid, { delivered: 2, seen: 1 });
  for (let i = 0; i < 40; i += 1) house.say(lea.sid, { text: `Line ${i}` });
  const notice = { side: 'house', kind: 'notice', code: 'endedUnseen', unseen: [2] } as const;
  house.say(lea.sid, { ...notice, text: 'Lea has not seen one of the messages written here.' });
  house.change(lea.sid, { status: 'expired', list: 'closed', endedAt: house.now() });
  await expect.poll(marks).toEqual(['Not seen']);
  await tab.frame.getByRole('button', { name: 'Show what was not seen' }).click();
  await expect.poll(() => isInSight('I look')).toBe(true);
});

const isInSight = (text: string): Promise<boolean> =>
  log()
    .getByText(text)
    .evaluate(
      (line: { getBoundingClientRect: () => { top: number; bottom: number } }) =>
        line.getBoundingClientRect().top > 0 && line.getBoundingClientRect().bottom < 768,
    );

test('N8: news that overtake each other take nothing back, and a page that never told is not said to have read', () => {
  expect(laterMarks({ delivered: 5, seen: 3 }, { delivered: 4, seen: 4 })).toEqual({ delivered: 5, seen: 4 });
  expect(laterMarks({ delivered: 5 }, { delivered: 4 })).toEqual({ delivered: 5 });
  const line: Line = {
    ...{ id: 'x:4', sid: lea.sid, seq: 4, at: 1, side: 'agent', kind: 'message', text: 'x', format: 'plain' },
  };
  const ended = { ...lea, status: 'closed' as const };
  const told = (one: Line, marks: { delivered: number }, row = lea) => {
    const open = { row, lines: [one], marks };
    return markText(one, open, lastMarked(open));
  };
  expect(told(line, { delivered: 4 })).toBe('Delivered');
  expect(told(line, { delivered: 4 }, ended)).toBe('Delivered');
  expect(told(line, { delivered: 3 }, ended)).toBe('Not delivered');
  expect(told({ ...line, kind: 'comment' }, { delivered: 4 })).toBeUndefined();
  expect(told({ ...line, side: 'customer' }, { delivered: 4 })).toBeUndefined();
});
