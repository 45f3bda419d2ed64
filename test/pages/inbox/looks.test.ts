import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, JONAS, MARA, type FakeHouse } from './fake-house.ts';
import type { Row } from '../../../src/handoff/inbox.ts';
import { aQueuedRow, aRow, sidOf } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let house: FakeHouse;
/** A supervisor's, with everything in it that can be. */
let busy: FakeHouse;
const tomasz = aRow('Tomasz Kowal', { guests: [{ ...JONAS, joined: true }] });
const lea = aRow('Lea Moreau', { reason: 'parcel 4711' });
const before = aRow('Visitor 81-204', { sid: sidOf('earlier'), status: 'closed', verified: false });
const visitor = aRow('Visitor 81-204', { verified: false, follows: before.sid, at: 1 });
const endless = 'Bartholomäus von Hohenstein-Wittgenburg-ohne-jeden-Zwischenraum'.repeat(3);

beforeAll(async () => {
  browser = await launchChromium();
  house = await fakeHouse();
  const now = house.now();
  house.put(lea);
  house.say(lea.sid, { text: 'Which parcel?', side: 'bot' });
  house.say(lea.sid, { text: 'Lea asks for a person', side: 'house', kind: 'notice', code: 'queued' });
  house.say(lea.sid, { text: 'איפה החבילה שלי?' });
  house.say(lea.sid, { text: 'torn label', side: 'agent', name: MARA.name, by: MARA.id, kind: 'comment' });
  house.change(lea.sid, {
    status: 'disconnected',
    goneAt: now,
    cause: 'phone',
    agentHeldUntil: now + 540_000,
  });
  house.say(lea.sid, {
    text: 'It leaves tonight: https://example.com',
    side: 'agent',
    name: MARA.name,
    by: MARA.id,
  });
  house.put(aRow('Amélie Rousseau', { status: 'resuming', offeredUntil: now + 60_000, verified: false }));
  house.put(aQueuedRow(endless, now, { reason: endless }));
  house.terms = { ...house.terms, preview: true };
  house.putAside(before, ['My parcel is lost.']);
  house.put(visitor);
  const notice = (code: string) =>
    house.say(visitor.sid, { side: 'house', kind: 'notice', code, cause: 'phone', text: `It is ${code}` });
  for (const code of ['customerGone', 'customerBack', 'customerGone', 'customerBack', 'linkReused'])
    notice(code);
  house.put(aRow('Ines Duarte', { list: 'suspended', status: 'suspended', customerBackAt: now }));
});
beforeAll(async () => {
  busy = await fakeHouse();
  const [at, agent] = [busy.now(), { side: 'agent', name: MARA.name, by: MARA.id } as const];
  const guest = { permitted: true, capacity: 5, used: 6, held: 1, seenAt: at };
  busy.supervises([
    { ...MARA, ...guest, presence: { status: 'available', at } },
    { ...JONAS, ...guest, presence: { status: 'away', at } },
  ]);
  busy.terms = { ...busy.terms, dispositions: ['Solved', 'Not solved'] };
  const greeting = { id: 'a', title: 'Greeting', shortcut: 'hello', text: 'Hello', filled: 'Hello' };
  busy.canned = { stream: 'Support', mayShare: true, responses: [{ ...greeting, of: 'own' }] };
  busy.put(tomasz);
  busy.say(tomasz.sid, { text: 'Is the invoice already paid?' });
  busy.say(tomasz.sid, { ...agent, format: 'markdown', text: '**Yes**:\n\n- `4711`\n\n> paid' });
  const file = { contentUrl: busy.keep(tomasz.sid, Buffer.from('%PDF')), size: 4 };
  const attachments = [{ ...file, name: 'invoice.pdf', contentType: 'application/pdf' }];
  busy.say(tomasz.sid, { ...agent, text: '', attachments });
  busy.say(tomasz.sid, { ...agent, text: 'Pays late, always.', kind: 'comment' });
  for (const code of ['suspended', 'resumed', 'guestJoined', 'endsSoon'])
    busy.say(tomasz.sid, { side: 'house', kind: 'notice', code, text: `It is ${code}` });
  busy.mark(tomasz.sid, { delivered: 3, seen: 2 });
  busy.types(tomasz.sid);
  busy.stories.set(tomasz.sid, [
    { ver: 2, at, actor: 'x', code: 'accepted', params: {}, text: 'Accepted by Mara' },
    { ver: 3, at, actor: 'house', code: 'disconnected', params: {}, text: 'Dropped' },
  ]);
  const [ended, more] = [{ endedAt: at - 90_000_000, agent: 'Jonas' }, { disposition: 'Solved' }];
  busy.previous.set(tomasz.sid, [
    { sid: sidOf('old1'), reference: '58120-11111', ...ended, ...more, mayOpen: true },
    { sid: sidOf('old2'), reference: '58121-22222', ...ended, mayOpen: false },
  ]);
  busy.putAmongAll(
    aRow('Noor Haddad', { owner: JONAS, lastLine: { by: 'customer', text: 'Hello?', at: at - 420_000 } }),
  );
});
afterAll(async () => {
  await browser.close();
  await house.close();
  await busy.close();
});

const violations = async ({ page }: Tab): Promise<readonly string[]> => {
  const inbox = page.frames().find((frame) => frame.url().endsWith('/inbox/'));
  if (inbox === undefined) throw new Error('The inbox is not there');
  await inbox.evaluate(axe);
  const found = await inbox.evaluate(
    'axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`)))',
  );
  return found as string[];
};

for (const theme of ['default', 'dark', 'contrast'] as const) {
  test(`nothing keeps anybody out in the ${theme} theme`, async () => {
    const tab = await openTab(browser, house, { theme });
    const { frame, page } = tab;
    await frame.getByText('Choose a chat').waitFor();
    expect(await violations(tab), 'the queue').toEqual([]);
    await frame.getByRole('tab', { name: 'Closed', exact: true }).click();
    expect(await violations(tab), 'an empty list').toEqual([]);
    await frame.getByRole('tab', { name: 'Mine', exact: true }).click();
    await frame.getByRole('button', { name: /Lea Moreau/ }).click();
    await frame.getByText('1 message held').waitFor();
    expect(await violations(tab), 'a customer who is gone').toEqual([]);
    await frame.getByText('With the bot').click();
    await frame.getByRole('button', { name: 'Suspend', exact: true }).click();
    expect(await violations(tab), 'the suspend dialog').toEqual([]);
    await page.keyboard.press('Escape');
    await frame.getByRole('button', { name: 'Close', exact: true }).click();
    expect(await violations(tab), 'the close dialog').toEqual([]);
    await page.keyboard.press('Escape');
    await frame.getByRole('button', { name: /Available/ }).click();
    expect(await violations(tab), 'the presence menu').toEqual([]);
    await page.keyboard.press('Escape');
    await frame.getByRole('button', { name: /Amélie/ }).click();
    await frame.getByText('offered to you').waitFor();
    expect(await violations(tab), 'an offer').toEqual([]);
    await frame.getByRole('tab', { name: 'Suspended', exact: true }).click();
    await frame.getByRole('button', { name: /Ines/ }).click();
    expect(await violations(tab), 'a suspended chat').toEqual([]);
    expect(tab.complaints).toEqual([]);
    expect(tab.outside).toEqual([]);
    await tab.close();
  });
}

for (const theme of ['default', 'dark', 'contrast'] as const) {
  test(`the ways back keep nobody out in the ${theme} theme`, async () => {
    const tab = await openTab(browser, house, { theme, sub: visitor.sid });
    const { frame } = tab;
    const press = (name: string) => frame.getByRole('button', { name, exact: true }).click();
    await frame.getByText('Visitor 81-204 is back · gone 2 times').click();
    expect(await violations(tab), 'a customer who comes and goes, and a link tried again').toEqual([]);
    await press('Send reconnect link');
    await frame.getByText('Code to read out').waitFor();
    expect(await violations(tab), 'a link at hand').toEqual([]);
    await press('Keep until…');
    expect(await violations(tab), 'a link with its end').toEqual([]);
    await press('Earlier chat');
    await frame.getByText('My parcel is lost.').waitFor();
    expect(await violations(tab), 'an earlier chat').toEqual([]);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}

for (const theme of ['default', 'dark', 'contrast'] as const) {
  test(`the dialogs keep nobody out in the ${theme} theme`, async () => {
    const tab = await openTab(browser, busy, { theme, sub: tomasz.sid });
    const { frame, page } = tab;
    const dialog = frame.getByRole('dialog');
    const press = (name: string) => frame.getByRole('button', { name, exact: true }).click();
    const leave = async () => {
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    await frame.getByText('58120-11111').waitFor();
    expect(await violations(tab), 'a chat with everything in it').toEqual([]);
    for (const [name, part] of [
      ['Transfer', 'Omar Haddad'],
      ['Conference', 'Omar Haddad'],
      ['Canned responses', 'Greeting'],
      ['Send page', 'What it is (optional)'],
      ['Close', 'Disposition'],
    ] as const) {
      await press(name);
      await dialog.getByText(part).first().waitFor();
      expect(await violations(tab), name).toEqual([]);
      await leave();
    }
    await press('Canned responses');
    await press('New response');
    expect(await violations(tab), 'a new response').toEqual([]);
    await leave();
    await frame.getByRole('textbox', { name: 'Message' }).fill('/');
    await frame.getByRole('option', { name: /Greeting/ }).waitFor();
    expect(await violations(tab), 'responses under the slash').toEqual([]);
    await page.keyboard.press('Escape');
    await frame.getByRole('textbox', { name: 'Message' }).fill('');
    await frame.getByRole('button', { name: /Available/ }).click();
    await frame.getByRole('menuitemradio', { name: 'Offline' }).click();
    await dialog.waitFor();
    expect(await violations(tab), 'leaving with chats in hand').toEqual([]);
    await leave();
    await frame.getByRole('tab', { name: 'All', exact: true }).click();
    await frame.getByText('Agents · 1 of 2 on').click();
    expect(await violations(tab), 'the list of all, and the roster').toEqual([]);
    await frame.getByRole('button', { name: /change how many Jonas Weber is offered/ }).click();
    await dialog.waitFor();
    expect(await violations(tab), 'how many chats an agent is offered').toEqual([]);
    await leave();
    await frame.getByRole('button', { name: 'Chats of Jonas Weber' }).click();
    await dialog.getByRole('button', { name: 'Read the chat with Noor Haddad' }).waitFor();
    expect(await violations(tab), 'what an agent has in hand').toEqual([]);
    await leave();
    await page.keyboard.press('?');
    await dialog.waitFor();
    expect(await violations(tab), 'the keys').toEqual([]);
    await leave();
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}

test.each(['default', 'dark', 'contrast'] as const)(
  'B1: whoever may not take chats reads why on a phone, in the %s theme, and stands before nothing else',
  async (theme) => {
    const tab = await openTab(browser, house, { theme, width: 320, height: 640 });
    const { frame, page } = tab;
    const error = { code: 'not_permitted', message: 'You do not have the permission for that.' };
    await page.route('**/api/**', (route) => route.fulfill({ status: 403, json: { error } }));
    await frame.getByRole('tab', { name: 'Mine', exact: true }).click();
    await frame.getByRole('button', { name: /Lea Moreau/ }).click();
    await frame.getByRole('button', { name: 'Try again' }).waitFor();
    await frame.getByText(/Whoever administers Microsoft Entra/u).waitFor();
    expect(await frame.getByText('Lea Moreau').count()).toBe(0);
    expect(await violations(tab)).toEqual([]);
    await tab.close();
  },
);

test('on a narrow phone the ways back fit, and nothing scrolls sideways', async () => {
  const tab = await openTab(browser, house, { width: 320, height: 640, sub: visitor.sid });
  const { frame, page } = tab;
  const inbox = page.frames().find((each) => each.url().endsWith('/inbox/'));
  const sideways = () =>
    inbox?.evaluate(
      '[...document.querySelectorAll("body, body *")].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible" && getComputedStyle(e).overflowX !== "hidden" && e.tagName !== "INPUT").map((e) => e.className)',
    );
  const press = (name: string) => frame.getByRole('button', { name, exact: true }).click();
  await frame.getByText('Visitor 81-204 is back · gone 2 times').click();
  expect(await sideways(), 'what came and went').toEqual([]);
  await press('Send reconnect link');
  await frame.getByText('Code to read out').waitFor();
  expect(await sideways(), 'the link').toEqual([]);
  await press('Keep until…');
  expect(await sideways(), 'the link with its end').toEqual([]);
  expect(await violations(tab)).toEqual([]);
  expect(await inbox?.evaluate('document.documentElement.scrollWidth')).toBe(320);
  await tab.close();
});

test('on a narrow phone list and chat are two steps, and nothing scrolls sideways', async () => {
  const tab = await openTab(browser, house, { width: 320, height: 640 });
  const { frame, page } = tab;
  const inbox = page.frames().find((each) => each.url().endsWith('/inbox/'));
  const sideways = () =>
    inbox?.evaluate(
      '[...document.querySelectorAll("body, body *")].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible" && getComputedStyle(e).overflowX !== "hidden").map((e) => e.className)',
    );
  const wide = () => inbox?.evaluate('document.documentElement.scrollWidth');
  await frame.getByRole('listitem').first().waitFor();
  expect([await wide(), await sideways()]).toEqual([320, []]);
  await frame.getByRole('listitem').getByRole('button').first().click();
  await frame.getByRole('button', { name: 'Accept', exact: true }).waitFor();
  expect([await wide(), await sideways()]).toEqual([320, []]);
  expect(await violations(tab)).toEqual([]);
  await frame.getByRole('button', { name: 'Details' }).click();
  expect([await wide(), await sideways()]).toEqual([320, []]);
  await frame.getByRole('button', { name: 'Hide details' }).click();
  await frame.getByRole('button', { name: 'Back to the list' }).click();
  await frame.getByRole('listitem').first().waitFor();
  await tab.close();
});

/** A visitor with a name of sixteen characters, open in a tab of this width, and where the parts of the head stand. */
async function headAt(width: number, part: Partial<Row> = {}) {
  const name = 'Visitor 3042-881';
  const row = aRow(name, { verified: false, reason: 'parcel 4711', ...part });
  house.put(row);
  const tab = await openTab(browser, house, { width, height: 640, sub: row.sid });
  const inbox = tab.page.frames().find((each) => each.url().endsWith('/inbox/'));
  const acts = tab.frame.locator('.acts .button');
  await acts.nth(2).waitFor();
  const boxOf = async (part: Locator) => {
    const box = await part.boundingBox();
    if (box === null) throw new Error(`${String(part)} is not shown`);
    return { ...box, middle: box.y + box.height / 2, right: box.x + box.width, bottom: box.y + box.height };
  };
  const head = (part: string) => boxOf(tab.frame.locator(`.talk-head ${part}`));
  // On a wide screen the details are there all the time, and nothing opens them.
  const cornerOf = async (part: Locator) => ((await part.isVisible()) ? boxOf(part) : undefined);
  const told = {
    acts: await Promise.all((await acts.all()).map(boxOf)),
    face: await head('.avatar'),
    details: await cornerOf(tab.frame.locator('.talk-head .details-toggle')),
    whole: await boxOf(tab.frame.locator('.talk-head')),
    isCut: await inbox?.evaluate(
      '((h2) => h2.scrollWidth > h2.clientWidth)(document.querySelector(".talk-who h2"))',
    ),
    spilling: await inbox?.evaluate(
      '[...document.querySelectorAll(".acts .button")].filter((act) => { const words = document.createRange(); words.selectNodeContents(act); return words.getBoundingClientRect().width > act.getBoundingClientRect().width; }).map((act) => act.textContent)',
    ),
  };
  await tab.close();
  return told;
}

test('on a laptop the acts stand beside the name, on one line', async () => {
  const { acts, face, isCut } = await headAt(1366);
  expect(acts).toHaveLength(5);
  expect(acts.map(({ middle }) => Math.abs(middle - face.middle) < 6)).toEqual(acts.map(() => true));
  expect(isCut).toBe(false);
});

test.each([960, 800, 600, 320])(
  'at %i px the acts go below the name, in two rows at most, and the details keep their corner',
  async (width) => {
    const { whole, face, acts, details, isCut } = await headAt(width);
    expect(new Set(acts.map(({ y }) => y)).size).toBeLessThanOrEqual(2);
    expect(acts[0]?.y).toBeGreaterThan(face.bottom);
    expect(Math.abs((details?.middle ?? NaN) - face.middle)).toBeLessThan(6);
    expect(whole.right - (details?.right ?? NaN)).toBeLessThan(24);
    expect(isCut).toBe(false);
  },
);

test.each([390, 360, 320])(
  'at %i px no words spill out of a button of a suspended chat, which has the most of them',
  async (width) => {
    const { acts, spilling } = await headAt(width, { list: 'suspended', status: 'suspended' });
    expect(spilling).toEqual([]);
    expect(new Set(acts.map(({ y }) => y)).size).toBe(2);
  },
);
