import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab, type TabOptions } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab | undefined;
const lea = aRow('Lea Moreau');
const one = (shortcut: string, title: string, filled: string, of: 'own' | 'shared' | 'settings') => ({
  ...{ id: `id-${shortcut}`, shortcut, title, text: filled.replace('Lea', '{customer}'), filled, of },
});

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
  house.put(lea);
  house.say(lea.sid, { text: 'Where is my parcel?' });
  house.canned = {
    ...{ stream: 'Support', mayShare: false },
    responses: [
      one('hello', 'Greeting', 'Hello Lea, this is Mara.', 'settings'),
      one('help', 'How to help', 'How can I help?', 'shared'),
      one('bye', 'Farewell', 'Good bye, Lea.', 'own'),
    ],
  };
});
afterEach(async () => {
  await tab?.close();
  tab = undefined;
  await house.close();
});

async function open(options: TabOptions = {}) {
  tab = await openTab(browser, house, { sub: lea.sid, ...options });
  await tab.frame.getByRole('log', { name: 'Transcript' }).getByText('Where is my parcel?').waitFor();
  return tab;
}
const box = () => tab!.frame.getByRole('textbox', { name: 'Message' });
const list = () => tab!.frame.getByRole('listbox', { name: 'Canned responses' });
const options = () => list().getByRole('option');
const dialog = () => tab!.frame.getByRole('dialog');
const press = (name: string) => tab!.frame.getByRole('button', { name, exact: true }).click();
const value = () => box().inputValue();

describe('row 79: typing / at the start', () => {
  test('lists what can be said; typing on filters, Enter inserts it filled and sends nothing, and then it is sent', async () => {
    await open();
    await box().pressSequentially('/');
    await expect.poll(() => options().count()).toBe(3);
    await box().pressSequentially('hel');
    await expect.poll(() => options().count()).toBe(2);
    expect(await options().first().getAttribute('aria-selected')).toBe('true');
    await box().press('ArrowDown');
    const active = await box().getAttribute('aria-activedescendant');
    expect(await list().locator(`#${active}`).textContent()).toContain('How to help');
    await box().press('ArrowUp');
    await box().press('Enter');
    expect([await value(), house.acts.length, await list().count()]).toEqual([
      'Hello Lea, this is Mara.',
      0,
      0,
    ]);
    await box().pressSequentially(' Hi!');
    await box().press('Enter');
    await expect.poll(() => house.acts.length).toBe(1);
    expect(house.acts[0]).toMatchObject({
      act: 'canned',
      response: 'id-hello',
      text: 'Hello Lea, this is Mara. Hi!',
    });
    expect(await value()).toBe('');
    await box().pressSequentially('Plain.');
    await box().press('Enter');
    await expect.poll(() => house.acts.at(-1)?.act).toBe('message');
    expect(tab!.complaints).toEqual([]);
  });

  test('Escape closes the list and leaves the text, the chat stays open, and the slash can be sent', async () => {
    await open();
    await box().pressSequentially('/h');
    await options().first().waitFor();
    await box().press('Escape');
    expect([await list().count(), await value()]).toEqual([0, '/h']);
    await box().pressSequentially('m');
    expect(await list().count()).toBe(0);
    await box().press('Enter');
    await expect.poll(() => house.acts[0]?.text).toBe('/hm');
  });

  test('a press on one inserts it, and what was inserted and rubbed out is not counted', async () => {
    await open();
    await box().pressSequentially('/bye');
    await options().first().click();
    expect(await value()).toBe('Good bye, Lea.');
    await box().fill('');
    await box().pressSequentially('Mine.');
    await box().press('Enter');
    await expect.poll(() => house.acts[0]?.act).toBe('message');
  });

  test('a slash within a text, and a comment, open nothing', async () => {
    await open();
    await box().pressSequentially('and/or');
    await press('Add comment');
    await box().fill('');
    await box().pressSequentially('/he');
    expect(await list().count()).toBe(0);
  });
});

describe('row 79: Canned responses', () => {
  test('shows all, to find one and insert it after what is written', async () => {
    await open();
    await box().fill('Thank you.');
    await press('Canned responses');
    await dialog().getByRole('searchbox', { name: 'Find a response' }).fill('fare');
    await expect.poll(() => dialog().getByRole('listitem').count()).toBe(1);
    await dialog()
      .getByRole('button', { name: /Farewell/ })
      .first()
      .click();
    await expect.poll(value).toBe('Thank you.\nGood bye, Lea.');
    expect(await box().evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Message');
  });

  test('are written down, changed and removed by whose they are, with a way back', async () => {
    await open();
    await press('Canned responses');
    await press('New response');
    await dialog().getByLabel('Title').fill('Weather');
    await dialog().getByLabel('Shortcut').fill('/sun');
    await dialog().getByLabel('Text').fill('Hi {custmer}');
    expect(await dialog().getByRole('radio').count()).toBe(0);
    await press('Save');
    await dialog().getByText('has no placeholder {custmer}').waitFor();
    await dialog().getByLabel('Text').fill('It is sunny.');
    await press('Save');
    await press('Edit Weather');
    await dialog().getByLabel('Text').fill('It is rainy.');
    await press('Save');
    await dialog().getByText('It is rainy.').waitFor();
    expect(house.canned.responses.find(({ title }) => title === 'Weather')).toMatchObject({
      shortcut: 'sun',
      of: 'own',
    });
    expect(await dialog().getByRole('button', { name: 'Remove Greeting' }).count()).toBe(0);
    expect(await dialog().getByRole('button', { name: 'Remove How to help' }).count()).toBe(0);
    await press('Remove Weather');
    await dialog().getByText('Weather is removed.').waitFor();
    await press('Undo');
    await dialog().getByRole('button', { name: 'Remove Weather' }).waitFor();
  });

  test('that are shared a supervisor writes too', async () => {
    house.canned = { ...house.canned, mayShare: true };
    await open();
    await press('Canned responses');
    await dialog().getByRole('button', { name: 'Remove How to help' }).waitFor();
    await press('New response');
    await dialog().getByLabel('Title').fill('Team');
    await dialog().getByLabel('Shortcut').fill('team');
    await dialog().getByLabel('Text').fill('We are on it.');
    await dialog().getByRole('radio', { name: 'Everyone in Support' }).check();
    await press('Save');
    await dialog().getByRole('button', { name: 'Edit Team' }).waitFor();
    expect(house.canned.responses.at(-1)).toMatchObject({ of: 'shared', stream: 'Support' });
  });
});

describe('row 79: Send page', () => {
  test('B5: asks for the address, and resumes what is set aside', async () => {
    house.change(lea.sid, { status: 'suspended', list: 'suspended' });
    await open();
    await press('Send page');
    await dialog().getByText('Pages of www.example.com.').waitFor();
    await dialog().getByLabel('Address').fill('http://www.example.com/');
    await dialog().getByRole('button', { name: 'Send page' }).click();
    await dialog().getByText('begins with https://').waitFor();
    await dialog().getByLabel('Address').fill('https://www.example.com/returns');
    await dialog().getByLabel('What it is').fill('Returns');
    await dialog().getByRole('button', { name: 'Send page' }).click();
    await expect
      .poll(() => house.acts)
      .toMatchObject([{ act: 'page', url: 'https://www.example.com/returns', title: 'Returns' }]);
    await tab!.frame.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    await tab!.frame.getByRole('link', { name: 'https://www.example.com/returns' }).waitFor();
  });

  test('is disabled where the settings name no hosts, and says why', async () => {
    house.terms = { ...house.terms, pageHosts: [] };
    await open();
    const button = tab!.frame.getByRole('button', { name: 'Send page' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toContain('name no hosts');
    await button.click({ force: true });
    expect(await dialog().count()).toBe(0);
  });
});

const axe = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
async function violations(): Promise<unknown> {
  const inbox = tab!.page.frames().find((each) => each.url().endsWith('/inbox/'));
  await inbox?.evaluate(axe);
  return inbox?.evaluate(
    'axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`)))',
  );
}

for (const theme of ['default', 'dark', 'contrast'] as const) {
  test(`list, dialogs and form keep nobody out in the ${theme} theme, and fit a narrow phone`, async () => {
    house.canned = { ...house.canned, mayShare: true };
    await open({ theme, ...(theme === 'dark' && { width: 320, height: 640 }) });
    await box().pressSequentially('/');
    await options().first().waitFor();
    expect(await violations(), 'the list').toEqual([]);
    await box().press('Escape');
    await press('Canned responses');
    await dialog().getByText('Farewell').waitFor();
    expect(await violations(), 'the dialog').toEqual([]);
    await press('New response');
    expect(await violations(), 'the form').toEqual([]);
    await press('Back');
    await press('Done');
    await press('Send page');
    expect(await violations(), 'the page').toEqual([]);
    const inbox = tab!.page.frames().find((each) => each.url().endsWith('/inbox/'));
    if (theme === 'dark') expect(await inbox?.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(tab!.complaints).toEqual([]);
  });
}
