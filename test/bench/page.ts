import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse } from '../journey/house.ts';
import { middle, timed, until, type Measure } from './measure.ts';
import { numberIn } from './screens.ts';
import { openTown } from './town/town.ts';

const OPENED = 5;
/** Of what the page shows before Web Chat: everything but what it is loaded for. */
const LATER = /\/vendor\/|directline/u;
const PAINTED = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`;
const BUILD = fileURLToPath(new URL('../../src/local/build-pages.ts', import.meta.url));

/** The customer's page: until they can write, with an empty cache; and what production sends over the wire for it. */
export async function page(): Promise<readonly Measure[]> {
  return [...(await times()), ...(await overTheWire())];
}

/** From the address to our own shell on the screen, and to the field in which they write, which is Web Chat's. */
async function times(): Promise<readonly Measure[]> {
  const house = await openHouse();
  const browser = await launchChromium();
  try {
    const shell: number[] = [];
    const took: number[] = [];
    for (let i = 0; i <= OPENED; i += 1) {
      const context = await browser.newContext();
      const tab = await context.newPage();
      const ms = await timed(async () => {
        await tab.goto(`${house.origin}/`);
        await tab.getByRole('textbox', { name: /message/i }).waitFor();
      });
      const painted = await numberIn(tab.mainFrame(), PAINTED);
      await context.close();
      // For the first one the house bundles the pages.
      if (i === 0 || painted === undefined) continue;
      took.push(ms);
      shell.push(painted);
    }
    return [middle('page-shell-p50', 'ms', shell), middle('page-interactive-p50', 'ms', took)];
  } finally {
    await browser.close();
    await house.close();
    rmSync(house.folder, { recursive: true, force: true });
  }
}

async function overTheWire(): Promise<readonly Measure[]> {
  execFileSync(process.execPath, [BUILD]);
  const town = await openTown({ pages: new URL('../../dist/pages/', import.meta.url) });
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    const devtools = await tab.context().newCDPSession(tab);
    const urls = new Map<string, string>();
    const came: { readonly url: string; readonly bytes: number }[] = [];
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      came.push({ url: urls.get(requestId) ?? '', bytes: encodedDataLength }),
    );
    await devtools.send('Network.enable');
    await tab.goto(town.house.origin);
    // The last thing the page asks the house for, before it is Direct Line's turn.
    await until('the page has its token', () =>
      came.some(({ url }) => url.endsWith('/api/directline/token')) ? true : undefined,
    );
    // Direct Line's own requests are another's.
    const ours = came.filter(({ url }) => url.startsWith(town.house.origin));
    const first = ours.filter(({ url }) => !LATER.test(url));
    const kilobytes = (all: typeof ours) => all.reduce((sum, { bytes }) => sum + bytes, 0) / 1_024;
    return [
      middle('page-shell-requests', 'requests', [first.length]),
      middle('page-shell-bytes', 'KB', [kilobytes(first)]),
      middle('page-requests', 'requests', [ours.length]),
      middle('page-bytes', 'KB', [kilobytes(ours)]),
    ];
  } finally {
    await browser.close();
    await town.close();
  }
}
