import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { PDF, PNG } from '../../handoff/files.ts';
import { fakeHouse, type FakeHouse } from './fake-house.ts';
import { aRow } from './rows.ts';
import { openTab, type Tab } from './tab.ts';

let browser: Browser;
let house: FakeHouse;
let tab: Tab;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  house = await fakeHouse();
});
afterEach(async () => {
  await tab.close();
  await house.close();
});

const pdf = { name: 'offer.pdf', mimeType: 'application/pdf', buffer: PDF };
/** Mara's tab, with her customer's chat open in it. */
async function withLea(more: Parameters<typeof aRow>[1] = {}) {
  const lea = aRow('Lea Moreau', more);
  house.put(lea);
  tab = await openTab(browser, house);
  await list(lea.list === 'suspended' ? 'Suspended' : 'Mine').click();
  await tab.frame.getByRole('listitem').getByRole('button', { name: /Lea/ }).click();
  await tab.frame.getByRole('button', { name: 'Send file', exact: true }).waitFor();
  return lea;
}
const list = (name: string) => tab.frame.getByRole('tab', { name, exact: true });
const transcript = () => tab.frame.getByRole('log', { name: 'Transcript' });
const choose = async (...files: readonly { name: string; mimeType: string; buffer: Buffer }[]) => {
  const [chooser] = await Promise.all([
    tab.page.waitForEvent('filechooser'),
    tab.frame.getByRole('button', { name: 'Send file', exact: true }).click(),
  ]);
  await chooser.setFiles([...files]);
};
const alert = () => tab.frame.getByRole('alert').filter({ hasText: /\S/u });

test('row 79: an agent chooses a file, sees it on its way, and saves it from the transcript', async () => {
  await withLea();
  await choose(pdf);
  const file = transcript().getByRole('button', { name: /^Save offer\.pdf / });
  await file.waitFor();
  expect(house.acts).toMatchObject([{ act: 'file', text: 'offer.pdf' }]);
  const [saved] = await Promise.all([tab.page.waitForEvent('download'), file.click()]);
  expect(saved.suggestedFilename()).toBe('offer.pdf');
  expect(tab.complaints).toEqual([]);
  expect(tab.outside).toEqual([]);
});

test('row 79: a customer’s picture is shown in its place, named for whoever cannot see it', async () => {
  const lea = await withLea();
  const contentUrl = house.keep(lea.sid, PNG);
  const attachments = [{ name: 'label.png', contentType: 'image/png', contentUrl, size: PNG.length }];
  house.say(lea.sid, { text: '', attachments });
  const picture = transcript().getByRole('img', { name: 'label.png' });
  await picture.waitFor();
  await expect
    .poll(() => picture.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(1);
  expect(tab.complaints).toEqual([]);
});

test('row 79: what somebody else’s address names is never fetched', async () => {
  const lea = await withLea();
  house.say(lea.sid, {
    text: '',
    attachments: [{ name: 'x.png', contentType: 'image/png', contentUrl: 'https://evil.example/x.png' }],
  });
  await transcript().getByText('x.png').waitFor();
  expect(await transcript().getByRole('img').count()).toBe(0);
  expect(tab.outside).toEqual([]);
});

test('row 79: an agent is told which file cannot be sent and why, before it is sent', async () => {
  await withLea();
  await choose(
    { name: 'setup.exe', mimeType: 'x', buffer: PDF },
    { ...pdf, buffer: Buffer.alloc(1_100_000) },
  );
  await alert().getByText('Files like “setup.exe” cannot be sent here. These can: .png, .pdf.').waitFor();
  await alert()
    .getByText(/“offer\.pdf” is too large: it has 1 MB, and 1 MB can be sent\./)
    .waitFor();
  expect(house.acts).toEqual([]);
});

test('row 79: what the house refuses is said, and nothing of it stays in the transcript', async () => {
  await withLea();
  house.refuseNext(
    422,
    'file_disguised',
    '“offer.pdf” was not passed on: what is in it is not what its name says.',
  );
  await choose(pdf);
  await alert()
    .getByText(/is not what its name says/)
    .waitFor();
  expect(await transcript().getByText('offer.pdf').count()).toBe(0);
});

test('row 79: a file chosen without a connection is kept, and goes when there is one again', async () => {
  await withLea();
  house.cut();
  await choose(pdf);
  await tab.frame.getByText('The file is kept here.').waitFor();
  house.mend();
  await transcript()
    .getByRole('button', { name: /^Save offer\.pdf/ })
    .waitFor();
  expect(house.acts.filter(({ act }) => act === 'file')).toHaveLength(1);
});

test('row 79: a file dropped on the chat and a picture pasted into the box are sent too', async () => {
  await withLea();
  const dropped = await tab.frame.locator('.talk-open').evaluateHandle(
    (place, bytes) => {
      const { DataTransfer, File, DragEvent, ClipboardEvent } = globalThis as unknown as Record<
        string,
        new (...a: unknown[]) => unknown
      >;
      const carry = (name: string, type: string) => {
        const data = new DataTransfer!() as { items: { add: (file: unknown) => void } };
        data.items.add(new File!([new Uint8Array(bytes)], name, { type }));
        return data;
      };
      const at = place as unknown as {
        dispatchEvent: (event: unknown) => void;
        querySelector: (s: string) => typeof at;
      };
      const drag = { bubbles: true, cancelable: true, dataTransfer: carry('plan.pdf', 'application/pdf') };
      at.dispatchEvent(new DragEvent!('dragover', drag));
      at.dispatchEvent(new DragEvent!('drop', drag));
      const clipboardData = carry('image.png', 'image/png');
      at.querySelector('textarea').dispatchEvent(
        new ClipboardEvent!('paste', { bubbles: true, cancelable: true, clipboardData }),
      );
    },
    [...PDF],
  );
  await dropped.dispose();
  await transcript()
    .getByRole('button', { name: /^Save plan\.pdf/ })
    .waitFor();
  await transcript()
    .getByRole('button', { name: /^Save image\.png/ })
    .waitFor();
  expect(house.acts.map(({ text }) => text)).toEqual(['plan.pdf', 'image.png']);
});

test('row 79: where files are switched off there is nothing to press', async () => {
  Object.assign(house.terms, { files: undefined });
  const lea = aRow('Lea Moreau');
  house.put(lea);
  tab = await openTab(browser, house);
  await list('Mine').click();
  await tab.frame.getByRole('listitem').getByRole('button', { name: /Lea/ }).click();
  await tab.frame.getByRole('textbox', { name: 'Message' }).waitFor();
  expect(await tab.frame.getByRole('button', { name: 'Send file' }).isVisible()).toBe(false);
});

test('B5: uploading a file through the tab resumes what was set aside', async () => {
  await withLea({ status: 'suspended', list: 'suspended', customerBackAt: house.now() });
  await choose(pdf);
  await transcript().getByText('The chat goes on').waitFor();
  await tab.frame.getByRole('button', { name: 'Resume' }).waitFor({ state: 'hidden' });
  await transcript()
    .getByRole('button', { name: /^Save offer\.pdf/ })
    .waitFor();
});
