import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt } from './people.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('an Arabic widget on a narrow phone', () => {
  let browser: Browser;
  let house: RunningHouse;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    house = await openHouse();
    page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(`${house.origin}/?widget=arabic`);
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  const status = async () => ((await page.getByRole('status').first().textContent()) ?? '').trim();
  const composer = () => page.getByPlaceholder('اكتب لنا عن طردك');
  const violations = async () => {
    await page.evaluate(axe);
    return page.evaluate(
      'axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary}`)))',
    );
  };
  const sideways = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');

  it('runs from right to left, and asks in words of its own (row 17)', async () => {
    await composer().waitFor();
    await expect.poll(status).toBe('متصل');
    expect(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]')).toEqual([
      'ar',
      'rtl',
    ]);
    expect(await page.locator('.webchat [dir]').first().getAttribute('dir')).toBe('rtl');
  });

  it('shows what was written in English from left to right, and notices from right to left, whoever they name', async () => {
    const own = await browser.newPage({ viewport: { width: 320, height: 640 } });
    await own.goto(`${house.origin}/?widget=arabic`);
    const box = own.getByPlaceholder('اكتب لنا عن طردك');
    await own.getByText('I am the parcel bot').first().waitFor();
    await box.fill('agent');
    await box.press('Enter');
    const jonas = await agentAt(browser, house.origin, 1);
    await jonas.open(/a question/u);
    await jonas.does('Accept');
    await own.locator('.notice', { hasText: 'Jonas' }).first().waitFor();
    // Where the last letter of a text stands, seen from its first.
    const last = (selector: string, text: string) =>
      own.evaluate(`(() => {
        const about = [...document.querySelectorAll('${selector}')].find((one) => one.textContent.includes('${text}'));
        const node = document.createTreeWalker(about, NodeFilter.SHOW_TEXT).nextNode();
        const at = (from) => {
          const range = document.createRange();
          range.setStart(node, from);
          range.setEnd(node, from + 1);
          return range.getBoundingClientRect().left;
        };
        return at(node.length - 1) > at(0) ? 'right' : 'left';
      })()`);
    expect(await last('.webchat__bubble__content p', 'I am getting a person')).toBe('right');
    expect(await last('.notice', 'Jonas')).toBe('left');
    await own.close();
    await jonas.does('Close');
    await jonas.tab.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
  });

  it('has nothing that keeps anybody out, and does not scroll sideways, from greeting to end', async () => {
    expect([await violations(), await sideways()]).toEqual([[], 0]);
    await composer().fill('agent');
    await composer().press('Enter');
    await expect.poll(status).toBe('أنت في قائمة الانتظار: 1');
    await page.getByText('سيجيبك أحد زملائنا في قسم الطرود').first().waitFor();
    expect([await violations(), await sideways()]).toEqual([[], 0]);

    await page.getByRole('button', { name: 'إنهاء المحادثة' }).click();
    await page.getByRole('button', { name: 'تراجع' }).waitFor();
    await house.advance(5_000);
    await expect.poll(status).toBe('انتهت المحادثة');
    expect([await violations(), await sideways()]).toEqual([[], 0]);
  });
});
