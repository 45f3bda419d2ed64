import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk, type Agent, type Customer } from './people.ts';

const MINUTE = 60_000;

describe('a reconnect link', { timeout: 180_000 }, () => {
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

  /** Lea and Jonas in the middle of a chat, and the link that Jonas has given. */
  const given = async (): Promise<{ lea: Customer; jonas: Agent; url: string }> => {
    const jonas = await agentAt(browser, house.origin, 1);
    const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
    await talk(lea, jonas);
    await jonas.does('Send reconnect link');
    return { lea, jonas, url: await linkOn(lea) };
  };

  it('row 8, A11: mailed to a second browser without cookies, scanned twenty times, works once', async () => {
    const { lea, jonas, url } = await given();
    await lea.page.context().close();
    await house.advance(4 * MINUTE);
    await jonas.sees(/is gone/u);
    await jonas.says('Found it in Leipzig');

    // Scanners and previews of links get the page, and nothing happens.
    for (let i = 0; i < 20; i += 1) expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    const scanner = await (await browser.newContext()).newPage();
    await scanner.goto(url);
    await scanner.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
    // Before the click nothing of what was said is shown, and the token is out of the address.
    expect(await scanner.locator('body').innerText()).not.toMatch(/is late|Leipzig/iu);
    expect(scanner.url()).not.toContain('rt1_');
    await scanner.close();

    const again = await customerAt(await browser.newContext(), url);
    await again.button('Continue with Jonas').click();
    await again.sees('Found it in Leipzig');
    await again.statusIs(/Connected with Jonas/u);
    expect((await again.lines()).filter((line) => line === 'My parcel is late')).toHaveLength(1);
    await jonas.sees(/is back, with the link/u);
    await again.says('Here I am');
    await jonas.sees('Here I am');

    const thief = await customerAt(await browser.newContext(), url);
    await thief.button('Continue').click();
    await thief.page.getByRole('heading', { name: /already used/iu }).waitFor();
    expect(await thief.page.locator('body').innerText()).not.toMatch(/is late|Leipzig/iu);
    await jonas.sees(/used link/iu);
    // The live page is untouched.
    await again.says('Still here');
    await jonas.sees('Still here');
    expect([...again.complaints, ...jonas.complaints]).toEqual([]);
    expect(placesOf(secretIn(url), house)).toEqual([]);
  });

  it('its token goes out in no address and no Referer, and nothing keeps it but its hash', async () => {
    const { url } = await given();
    const sent: string[] = [];
    const context = await browser.newContext();
    context.on('request', (request) => sent.push(`${request.url()} ${JSON.stringify(request.headers())}`));
    const again = await customerAt(context, url);
    await again.button('Continue with Jonas').click();
    await again.statusIs(/Connected with Jonas/u);
    const next = await linkOn(again);
    await again.says('Here I am');
    for (const secret of [url, next].map(secretIn)) {
      expect(sent.filter((one) => one.includes(secret))).toEqual([]);
      expect(placesOf(secret, house)).toEqual([]);
    }
    expect(sent.some((one) => one.includes('/api/reconnect'))).toBe(true);
  });

  it('N1, A10: used, then another agent, then a second drop: the next link leads to the new agent', async () => {
    const { lea, jonas, url } = await given();
    await lea.page.context().close();
    await house.advance(4 * MINUTE);
    await jonas.sees(/is gone/u);
    await house.advance(11 * MINUTE);

    const second = await customerAt(await browser.newContext(), url);
    await jonas.presence('Away');
    await second
      .button(/Continue/u)
      .first()
      .click();
    await second.sees('I am looking');
    await second.statusIs(/in line/iu);
    const amira = await agentAt(browser, house.origin, 2);
    await amira.open('a question');
    await amira.does('Accept');
    await second.sees('Amira is here');
    const next = await linkOn(second);
    expect(next).not.toBe(url);

    await second.page.context().close();
    await house.advance(4 * MINUTE);
    await amira.sees(/is gone/u);
    const third = await customerAt(await browser.newContext(), next);
    await third.button('Continue with Amira').click();
    await third.statusIs(/Connected with Amira/u);
    await third.sees('Amira is here');
    await third.says('Third time lucky');
    await amira.sees('Third time lucky');
  });

  it('row 10: of fifty clicks at once on two servers one wins, and nobody else sees a word', async () => {
    const { lea, jonas, url } = await given();
    const other = await openHouse({ folder: house.folder, name: 'second', store: house.store() });
    try {
      await lea.page.context().close();
      await house.advance(4 * MINUTE);
      await jonas.sees(/is gone/u);
      const token = new URL(url).hash.slice(1);
      const clicks = Array.from({ length: 50 }, async (_, i) => {
        const origin = i % 2 === 0 ? house.origin : other.origin;
        const answer = await fetch(`${origin}/api/reconnect`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': `click-${i}` },
          body: JSON.stringify({ token, widget: 'support' }),
        });
        return { status: answer.status, text: await answer.text() };
      });
      const answers = await Promise.all(clicks);
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      expect(winners[0]?.text).toContain('My parcel is late');
      const losers = answers.filter(({ status }) => status !== 200);
      expect(new Set(losers.map(({ status }) => status))).toEqual(new Set([409]));
      for (const { text } of losers) expect(text).not.toContain('parcel');
    } finally {
      await other.close();
    }
  });

  it('row 9: used while the chat is still open elsewhere takes it over, and the old page is told', async () => {
    const { lea, jonas, url } = await given();
    const phone = await customerAt(await browser.newContext(), url);
    await phone.button('Continue with Jonas').click();
    await phone.statusIs(/Connected with Jonas/u);
    await phone.says('Now on my phone');
    await jonas.sees('Now on my phone');
    await lea.statusIs(/goes on in another window/iu);
    await jonas.says('I see you moved');
    await phone.sees('I see you moved');
    expect(await lea.page.getByText('I see you moved').count()).toBe(0);
  });

  it('N9: three words typed in on another device do the same, once', async () => {
    const { lea, jonas } = await given();
    const code = await codeOn(lea);
    await lea.page.context().close();
    const phone = await customerAt(await browser.newContext(), `${house.origin}/`);
    await entersCode(phone, code.replaceAll(' ', '-').toUpperCase());
    await phone.sees('I am looking');
    await phone.statusIs(/Connected with Jonas/u);
    await jonas.sees(/is back, with the code/u);

    const late = await customerAt(await browser.newContext(), `${house.origin}/`);
    await entersCode(late, code);
    await late.page
      .getByText(/already used|does not work/iu)
      .first()
      .waitFor();
  });
});

const secretIn = (url: string): string => new URL(url).hash.split('.').at(-1) ?? '';

/** Where a text is kept: in the house's log, or in a file of its store. */
function placesOf(text: string, { folder, logged }: RunningHouse): readonly string[] {
  expect(text.length).toBeGreaterThan(40);
  const files = readdirSync(folder).filter((name) => name.startsWith('cosmos.db'));
  expect(files).not.toEqual([]);
  const holding = files.filter((name) => readFileSync(join(folder, name)).includes(text));
  return logged().includes(text) ? ['log', ...holding] : holding;
}

/** The newest link the page shows. */
async function linkOn(customer: Customer): Promise<string> {
  const shown = customer.page.getByText(/https?:\/\/\S+#rt1_\S+/u).last();
  await shown.waitFor();
  return /https?:\/\/\S+#rt1_[\w.-]+/u.exec(await shown.innerText())?.[0] ?? '';
}

async function codeOn(customer: Customer): Promise<string> {
  const shown = customer.page
    .locator('way-back')
    .last()
    .getByText(/^[a-z]+ [a-z]+ [a-z]+$/u);
  await shown.waitFor();
  return shown.innerText();
}

async function entersCode(customer: Customer, code: string): Promise<void> {
  await customer
    .button(/I have a code/u)
    .first()
    .click();
  await customer.page.getByRole('textbox', { name: /code/iu }).fill(code);
  await customer.page.getByRole('textbox', { name: /code/iu }).press('Enter');
}
