import { rmSync } from 'node:fs';
import type { Frame, Page } from 'playwright-core';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse } from '../journey/house.ts';
import { agentAt, customerAt } from '../journey/people.ts';
import { median, pause, quantile, spread, until, type Measure } from './measure.ts';

/** Of so few, the p99 is the slowest. */
const LINES = 24;
/** People do not write in step with the page's timers. */
const BETWEEN_MS = [90, 140, 170, 210] as const;

/** From one side's Send to the other side's screen, both in one Chromium on one clock. */
export async function screens(): Promise<readonly Measure[]> {
  const house = await openHouse();
  const browser = await launchChromium();
  try {
    const agent = await agentAt(browser, house.origin, 1);
    const customer = await customerAt(await browser.newContext(), `${house.origin}/`);
    await customer.sees('Hello!');
    await customer.says('agent');
    await agent.open('a question');
    await agent.does('Accept');
    await customer.sees('Jonas is here');
    await customer.says('My parcel is late');
    await agent.sees('My parcel is late');

    const tab = agent.page.frames().find((frame) => frame.url().includes('/inbox/'));
    if (tab === undefined) throw new Error('The inbox tab has no frame');
    const chat = customer.page.mainFrame();
    await watch(tab, '[role=log] .text');
    await watch(chat, '.webchat__bubble__content');
    const toScreen = await times('From agent', tab, chat, async (text) => {
      await tab.getByRole('textbox', { name: 'Message' }).fill(text);
      await tab.getByRole('button', { name: 'Send', exact: true }).click();
    });
    const toAgent = await times('From customer', chat, tab, (text) => type(customer.page, text));
    return [
      { name: 'agent-to-screen-p50', unit: 'ms', ours: median(toScreen), spread: spread(toScreen) },
      { name: 'agent-to-screen-p99', unit: 'ms', ours: quantile(toScreen, 0.99), spread: spread(toScreen) },
      { name: 'customer-to-agent-p50', unit: 'ms', ours: median(toAgent), spread: spread(toAgent) },
    ];
  } finally {
    await browser.close();
    await house.close();
    rmSync(house.folder, { recursive: true, force: true });
  }
}

async function type(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /message/i });
  await box.fill(text);
  await box.press('Enter');
}

/** How long each line took from the moment it was sent here until it was drawn there, in ms. */
async function times(
  words: string,
  here: Frame,
  there: Frame,
  send: (text: string) => Promise<void>,
): Promise<readonly number[]> {
  const all: number[] = [];
  for (let i = 1; i <= LINES; i += 1) {
    const text = `${words}, line ${i} of ${LINES}.`;
    await send(text);
    const drawn = await until(`"${text}" on the screen`, () =>
      numberIn(there, `bench.drawn[${JSON.stringify(text)}]`),
    );
    const sent = await numberIn(here, 'bench.sentAt');
    if (sent === undefined) throw new Error('No Send was seen in the page');
    all.push(drawn - sent);
    await pause(BETWEEN_MS[i % BETWEEN_MS.length] ?? 0);
  }
  return all;
}

export async function numberIn(frame: Frame, expression: string): Promise<number | undefined> {
  const value: unknown = await frame.evaluate(expression);
  return typeof value === 'number' ? value : undefined;
}

/**
 * Notes in the page when the last click on Send or press of Enter happened, and when each text was first drawn: the
 * frame after the change of the document, for elements that take up room.
 */
export async function watch(frame: Frame, lines: string): Promise<void> {
  await frame.evaluate(`
    globalThis.bench = { sentAt: undefined, drawn: {} };
    const sent = (event) => { bench.sentAt = performance.timeOrigin + event.timeStamp; };
    addEventListener('click', (event) => { if (event.target.closest('button, [role=button]')) sent(event); }, true);
    addEventListener('keydown', (event) => { if (event.key === 'Enter') sent(event); }, true);
    new MutationObserver(() => requestAnimationFrame(() => {
      const at = performance.timeOrigin + performance.now();
      for (const line of [...document.querySelectorAll(${JSON.stringify(lines)})].slice(-5)) {
        const text = line.textContent.trim();
        if (line.getClientRects().length > 0) bench.drawn[text] ??= at;
      }
    })).observe(document.body, { subtree: true, childList: true, characterData: true });
  `);
}
