import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchProfile } from '../browser/chromium.ts';
import type { RunningHouse } from './house.ts';
import { shiftDate } from './odd-browsers.ts';

/** A laptop or a phone of the customer's own, which can be put to sleep: nothing on it runs then, time does. */
export interface Machine {
  readonly context: BrowserContext;
  /** Sleeps for `ms` of the house's clock and until the others have done `meanwhile`, and wakes up. */
  readonly sleeps: (ms: number, meanwhile?: () => Promise<void>) => Promise<void>;
  /** The same, with its screen off or another app before it: the page is hidden meanwhile. */
  readonly isLocked: (page: Page, ms: number, meanwhile?: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The house has looked at its deadlines before its clock moves on again: no sleep ends in between. */
const LOOK_MS = 1_000;

/**
 * Starts one. Its pages know the time as in production, from their own machine and from answers, and not from the
 * stream of the local house: what they do after a sleep is then what they would do anywhere.
 */
export async function openMachine(
  house: RunningHouse,
  options: Parameters<typeof launchProfile>[1] = {},
): Promise<Machine> {
  const { context } = await launchProfile(mkdtempSync(join(tmpdir(), 'machine-')), options);
  await context.addInitScript({ content: `globalThis.off = 0;${shiftDate}${sight}` });
  await context.route('**/local/clock', (route) => route.abort());

  const sleeps: Machine['sleeps'] = async (ms, meanwhile) => {
    const all = await processes(context);
    for (const id of all) process.kill(id, 'SIGSTOP');
    try {
      await house.advance(ms - LOOK_MS);
      await house.advance(LOOK_MS);
      await meanwhile?.();
    } finally {
      for (const id of all) process.kill(id, 'SIGCONT');
    }
    for (const page of context.pages()) await page.evaluate(`off += ${ms}`);
  };
  return {
    context,
    sleeps,
    isLocked: async (page, ms, meanwhile) => {
      await looks(page, false);
      await sleeps(ms, meanwhile);
      await looks(page, true);
    },
    close: () => context.close(),
  };
}

/** Shows or hides the page, until the house has heard of it: an answer to what it told before is not that. */
async function looks(page: Page, sees: boolean): Promise<void> {
  const told = page.waitForResponse(
    (response) =>
      response.url().endsWith('/api/presence') &&
      (response.request().postDataJSON() as { readonly hidden?: unknown }).hidden === !sees,
  );
  await page.evaluate(`look(${sees})`);
  await (await told).finished();
}

async function processes(context: BrowserContext): Promise<readonly number[]> {
  const session = await context.browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('A machine without a browser');
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.map(({ id }) => id);
}

/** Runs in the page: `look(false)` hides it, `look(true)` shows it. */
const sight = `
  let seen = true;
  Object.defineProperty(document, 'hidden', { get: () => !seen });
  Object.defineProperty(document, 'visibilityState', { get: () => (seen ? 'visible' : 'hidden') });
  globalThis.look = (sees) => {
    seen = sees;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };`;
