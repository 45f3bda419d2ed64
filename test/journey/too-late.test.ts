import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { freePort, openHouse, type RunningHouse } from './house.ts';
import { EARLIER, agentAt, customerAt, leaves, talk, type Agent, type Customer } from './people.ts';
import { isAskedNothing, listed, readsOnce } from './whole.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SAID = ['agent', 'My parcel is late', 'I am looking'];

let browser: Browser;
let house: RunningHouse;
let context: BrowserContext;
let jonas: Agent;
let lea: Customer;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const one of browser.contexts()) await one.close();
  await house.close();
});

/** A customer and Jonas in the middle of a chat. */
const chatting = async (options: Parameters<typeof openHouse>[0] = {}): Promise<void> => {
  house = await openHouse(options);
  context = await browser.newContext({ acceptDownloads: true });
  jonas = await agentAt(browser, house.origin, 1);
  lea = await arrive();
  await talk(lea, jonas);
};
const arrive = (): Promise<Customer> => customerAt(context, `${house.origin}/`);
/** The clock runs on for pages too, as it does for people: a page that is open says so every now and then. */
const passes = async (minutes: number): Promise<void> => {
  for (let i = 0; i < minutes; i += 1) await house.advance(MINUTE);
};
const foot = (page: Customer) => page.page.locator('#foot');
const saysThat = async (page: Customer, text: RegExp): Promise<string> => {
  await foot(page).getByText(text).first().waitFor();
  return foot(page).innerText();
};
const referenceIn = (text: string): string => /\b[A-Z0-9]{5}-[A-Z0-9]{5}\b/u.exec(text)?.[0] ?? 'none';

/** Amira takes the new chat, and finds the earlier one beside it. */
const amiraReadsBoth = async (page: Customer): Promise<void> => {
  const amira = await agentAt(browser, house.origin, 2);
  await page.says('agent');
  await amira.open('a question');
  await amira.does('Accept');
  await page.statusIs(/Connected with Amira/u);
  await amira.does('Details');
  await amira.tab.getByRole('button', { name: EARLIER }).filter({ visible: true }).first().click();
  await amira.sees('My parcel is late');
};

describe('a customer who comes back', { timeout: 120_000 }, () => {
  it('A33: within the limit hears nothing of an end', async () => {
    await chatting();
    await leaves(lea, jonas, house);
    await house.advance(18 * MINUTE);
    const again = await arrive();
    await again.button('Continue with Jonas').waitFor();
    expect(await again.page.locator('body').innerText()).not.toMatch(/has ended|Reference/u);
  });

  it('A29, N10: past the limit is told when and why it ended, with its number, and takes the history along', async () => {
    await chatting();
    await leaves(lea, jonas, house);
    await house.advance(21 * MINUTE);
    const again = await arrive();
    await again.sees('Hello!');
    const told = await saysThat(again, /Your earlier chat has ended\. It ended at .+ away for too long/u);
    await isAskedNothing(again);
    await jonas.sees(new RegExp(`Reference ${referenceIn(told)}`, 'u'));

    await again.button('Go on with my history').click();
    await again.page.getByText('Whoever answers can read your earlier chat.').first().waitFor();
    await expect.poll(() => again.button('Go on with my history').isVisible()).toBe(false);
    await amiraReadsBoth(again);
    expect(again.complaints).toEqual([]);
  });

  it('may still take it along after some words with the bot; else nobody is shown it', async () => {
    await chatting();
    await leaves(lea, jonas, house);
    await house.advance(21 * MINUTE);
    const again = await arrive();
    await again.sees('Hello!');
    await again.says('Hm');
    await again.sees(/You said/u);
    await again.button('Go on with my history').waitFor();
    // The transcript that could be had now is this chat's.
    expect(await foot(again).getByRole('button', { name: 'Download transcript' }).isVisible()).toBe(false);
    await again.says('agent');
    const amira = await agentAt(browser, house.origin, 2);
    await amira.open('a question');
    await amira.does('Accept');
    await again.statusIs(/Connected with Amira/u);
    await expect.poll(() => again.button('Go on with my history').isVisible()).toBe(false);
    await amira.does('Details');
    expect(
      await amira.tab.getByRole('button', { name: EARLIER }).filter({ visible: true }).first().isVisible(),
    ).toBe(false);
  });

  it('B27: after a suspended chat has expired is told so, with its number, in a new one', async () => {
    await chatting();
    await lea.button('Suspend').click();
    await lea.statusIs(/Set aside/u);
    await lea.page.close();
    await house.advance(25 * HOUR);
    const again = await arrive();
    await again.sees('Hello!');
    const told = await saysThat(
      again,
      /Your earlier chat has ended\. It had been set aside, and its time ran out/u,
    );
    expect(referenceIn(told)).not.toBe('none');
    await isAskedNothing(again);
    await again.says('agent');
    await jonas.list('Queue');
    expect(await listed(jonas, 'Queue', 1)).toHaveLength(1);
  });

  it('is told once: the next page begins clean', async () => {
    await chatting();
    await leaves(lea, jonas, house);
    await house.advance(21 * MINUTE);
    const again = await arrive();
    await saysThat(again, /Reference number/u);
    await again.page.close();
    const next = await arrive();
    await next.sees('Hello!');
    expect(await foot(next).innerText()).not.toMatch(/Reference number/u);
  });
});

describe('a widget with a page for those who come too late', { timeout: 120_000 }, () => {
  const AWAY = 'https://www.northwind-parcels.example/too-late';
  const withRedirect = (): string => {
    const local = fileURLToPath(new URL('../../src/local/settings.json', import.meta.url));
    const settings = JSON.parse(readFileSync(local, 'utf8')) as {
      widgets: { support: Record<string, unknown> };
    };
    Object.assign(settings.widgets.support, {
      redirectUrl: AWAY,
      redirectHosts: ['www.northwind-parcels.example'],
    });
    const file = join(mkdtempSync(join(tmpdir(), 'reconnect-settings-')), 'settings.json');
    writeFileSync(file, JSON.stringify(settings));
    return file;
  };

  it('A28: sends them there once, and not again', async () => {
    await chatting({ settings: withRedirect() });
    let visits = 0;
    await context.route(`${AWAY}*`, (route) => {
      visits += 1;
      return route.fulfill({ contentType: 'text/html', body: '<h1>Too late</h1>' });
    });
    await leaves(lea, jonas, house);
    await house.advance(21 * MINUTE);
    const again = await arrive();
    await saysThat(again, /We are taking you to www\.northwind-parcels\.example/u);
    await saysThat(again, /Reference number/u);
    await house.advance(5_000);
    await again.page.getByRole('heading', { name: 'Too late' }).waitFor();
    expect(again.page.url()).toBe(AWAY);

    await again.page.goBack();
    await again.sees('Hello!');
    await again.says('Is anybody there?');
    await house.advance(MINUTE);
    await again.sees(/You said/u);
    expect(again.page.url()).toBe(`${house.origin}/`);
    const other = await arrive();
    await other.sees('Hello!');
    await house.advance(MINUTE);
    await other.statusIs(/Connected/u);
    expect(other.page.url()).toBe(`${house.origin}/`);
    expect(visits).toBe(1);
  });

  it('leaves whoever wants to stay, and whoever is in time', async () => {
    await chatting({ settings: withRedirect() });
    await leaves(lea, jonas, house);
    await house.advance(15 * MINUTE);
    const inTime = await arrive();
    await inTime.button('Continue with Jonas').waitFor();
    expect(await inTime.page.locator('body').innerText()).not.toMatch(/taking you/u);
    await inTime.page.close();
    await house.advance(10 * MINUTE);

    const again = await arrive();
    await again.button('Stay here').click();
    await house.advance(MINUTE);
    await again.says('I stay');
    await again.sees(/You said/u);
    expect(again.page.url()).toBe(`${house.origin}/`);
  });
});

describe('a chat that nobody goes on with', { timeout: 180_000 }, () => {
  it('row 52: warns both before it ends, and a word keeps it', async () => {
    await chatting();
    await passes(19);
    await lea.sees(/Are you still there\? Without a word from you this chat ends/u);
    await jonas.sees(/owes the answer\. Without one this chat ends/u);
    await lea.says('I am here');
    await jonas.sees('I am here');
    await passes(3);
    await lea.statusIs(/Connected with Jonas/u);
    await jonas.says('Good');
    await lea.sees('Good');
  });

  it('ends on the page that shows it: when, why, its number, the transcript, and a new one with the history', async () => {
    await chatting();
    await passes(22);
    await lea.statusIs(/Chat ended/u);
    const told = await saysThat(lea, /It ended at .+ quiet for too long/u);
    await jonas.sees(new RegExp(`Reference ${referenceIn(told)}`, 'u'));
    await readsOnce(lea, SAID);
    for (const line of SAID) expect(await downloaded(lea)).toContain(line);

    await lea.button('Go on with my history').click();
    await lea.sees('Hello!');
    await lea.page.getByText('Whoever answers can read your earlier chat.').first().waitFor();
    expect(await lea.lines()).not.toContain('My parcel is late');
    await amiraReadsBoth(lea);
  });

  it('row 65: gives everything said as a file, while it runs and after it was closed', async () => {
    await chatting();
    await jonas.does('Send reconnect link');
    await lea.page.getByText(/#rt1_/u).last().waitFor();
    const text = await downloaded(lea);
    const at = SAID.map((line) => text.indexOf(line));
    expect(at).not.toContain(-1);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(text).toMatch(/You: My parcel is late/u);
    expect(text).toMatch(/Jonas[^\n]*: I am looking/u);
    // A file lies around: what opens the chat is not in it.
    expect(text).not.toMatch(/rt1_/u);

    await jonas.says('Goodbye');
    await jonas.does('Close');
    await jonas.tab.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await lea.statusIs(/Chat ended/u);
    await lea.page.reload();
    await lea.statusIs(/Chat ended/u);
    await readsOnce(lea, [...SAID, 'Goodbye']);
    expect(await downloaded(lea)).toMatch(/Goodbye/u);
  });

  const downloaded = async (page: Customer): Promise<string> => {
    const offered = page.page.getByRole('button', { name: 'Download transcript' });
    if (!(await offered.first().isVisible()))
      await page.page.getByRole('button', { name: 'More', exact: true }).click();
    const [file] = await Promise.all([
      page.page.waitForEvent('download'),
      offered.locator('visible=true').first().click(),
    ]);
    return readFileSync(await file.path(), 'utf8');
  };
});

describe('the store down at the moment of return', { timeout: 120_000 }, () => {
  const MAIN = fileURLToPath(new URL('../../src/local/cosmos/main.ts', import.meta.url));
  const key = randomBytes(64).toString('base64');
  let store: ChildProcess | undefined;
  afterEach(() => {
    store?.kill('SIGKILL');
  });

  it('says so and tries again; the chat is there, and it is the only one', async () => {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'reconnect-store-'));
    const startStore = async (): Promise<void> => {
      const args = [MAIN, '--port', String(port), '--file', join(folder, 'store.db'), '--key', key];
      const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      store = started;
      await new Promise((resolve) => started.stdout.once('data', resolve));
    };
    await startStore();
    await chatting({ store: { endpoint: `http://127.0.0.1:${port}`, key } });
    await leaves(lea, jonas, house);

    const gone = new Promise((resolve) => store?.once('exit', resolve));
    store?.kill('SIGKILL');
    await gone;
    const again = await arrive();
    await again.statusIs(/Reconnecting/u);
    expect(await again.lines()).toEqual([]);
    await startStore();
    await again.button('Continue with Jonas').click();
    await again.statusIs(/Connected with Jonas/u);
    await readsOnce(again, SAID);
    expect(await listed(jonas, 'Mine', 1)).toHaveLength(1);
    expect(await listed(jonas, 'Queue', 0)).toEqual([]);
  });
});
